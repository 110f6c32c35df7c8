/** @module The sides of `paceline ab`, made ready: the profile with its two variants, and revisions checked out and built. */
import { join } from 'node:path';
import { build } from '../experiment/ab/build.ts';
import type { SideLabel } from '../experiment/ab/comparison.ts';
import { inWorktrees, refuseOwnServers } from '../experiment/ab/revisions.ts';
import { checkOut, type Worktree } from '../experiment/ab/worktrees.ts';
import { revisionHere } from '../experiment/history/git.ts';
import { settingsInForce } from '../experiment/settings-in-force.ts';
import { SIDE_FLAGS, SIDE_NAMES, type SidesForm } from '../profile/section/sides.ts';
import type { Profile } from '../profile/settings.ts';
import { revisionText } from '../result/revision.ts';
import type { Terminal } from './terminal.ts';

/** Both sides, until they are released. */
export interface PreparedSides {
  readonly profile: Profile;
  readonly labels: readonly [a: SideLabel, b: SideLabel];
  /** Whether they are the same command, target or commit. */
  readonly isSame: boolean;
  /** Removes what was made for them. */
  release(): void;
}

export interface PrepareOptions {
  readonly form: SidesForm;
  /** What builds a revision, a line for the shell; absent: nothing is built. */
  readonly build?: string | undefined;
  /** Folder for the output of builds. */
  readonly out: string;
  readonly signal: AbortSignal;
}

/** `profile`: with the variants of `form`. Rejects with the signal's reason when it is aborted before all is ready; then nothing is left. */
export async function prepareSides(
  profile: Profile,
  { form, build: command, out, signal }: PrepareOptions,
  terminal: Terminal,
): Promise<PreparedSides> {
  const { kind } = form;
  if (kind !== 'revisions') {
    const shown = profile.variants.map((variant) => {
      const { server, target } = settingsInForce(variant, undefined);
      return server ?? target;
    });
    return { profile, labels: labelsOf(shown), isSame: form.a === form.b, release: () => undefined };
  }
  const flags = SIDE_FLAGS[kind];
  refuseOwnServers(profile, flags.join(' and '));
  await sayChanges(terminal);
  const wanted = SIDE_NAMES.map((name, at) => ({ flag: flags[at]!, ref: form[name] }));
  const worktrees = await checkOut(process.cwd(), wanted, signal);
  try {
    const moved = inWorktrees(profile, worktrees.all);
    for (const [at, worktree] of worktrees.all.entries())
      if (command !== undefined) await buildIn(worktree, SIDE_NAMES[at]!, command, out, signal, terminal);
    const commits = worktrees.all.map(({ commit }) => commit);
    const revisions = commits.map((commit) => revisionText({ commit }));
    const labels = labelsOf(
      worktrees.all.map((one, at) => `${one.wanted.ref} (${revisions[at]})`),
      revisions,
    );
    return { profile: moved, labels, isSame: commits[0] === commits[1], release: worktrees.remove };
  } catch (error) {
    worktrees.remove();
    throw error;
  }
}

function labelsOf(shown: readonly string[], revisions: readonly string[] = []): PreparedSides['labels'] {
  const [a, b] = SIDE_NAMES.map((name, at) => ({ label: `${name}: ${shown[at]}`, revision: revisions[at] }));
  return [a!, b!];
}

/** Says that changes of the working directory are not measured, if there are any. */
async function sayChanges(terminal: Terminal): Promise<void> {
  const here = await revisionHere();
  if (here?.isDirty === true)
    terminal.say('note: the working directory has changes that are not committed; no revision has them');
}

async function buildIn(
  { path, standsFor }: Worktree,
  name: string,
  command: string,
  out: string,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  terminal.say(`building ${name}: ${command}`);
  const outputFile = join(out, `build-${name}.txt`);
  await build(
    { name: `the build of ${name}`, command, cwd: standsFor(process.cwd()) ?? path, outputFile },
    signal,
  );
}
