/** @module What git says of the folder in which Paceline was started; in a checkout of a CI system, what its environment says. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Revision } from '../../result/revision.ts';

/** A repository on a slow disk must not delay a run. */
const TIMEOUT_MS = 5000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command is run, and what is set there. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
}

const here = (): Surroundings => ({ cwd: process.cwd(), env: process.env });

/** The commit of `HEAD`, and whether tracked files differ from it; undefined outside of a repository. Never rejects. */
export async function revisionHere(where: Surroundings = here()): Promise<Revision | undefined> {
  // One process tells both (porcelain format version 2 in git-status(1)), so that a run begins sooner.
  const status = await git(where, 'status', '--porcelain=v2', '--branch', '--untracked-files=no');
  const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(status ?? '')?.[1];
  if (commit !== undefined) return { commit, isDirty: /^[^#]/m.test(status!) };
  const told = firstOf(where.env, ['GITHUB_SHA', 'CI_COMMIT_SHA']);
  return told === undefined ? undefined : { commit: told };
}

/** The branch that is checked out; with a detached head the one that the CI system names. Undefined where nobody says. Never rejects. */
export async function branchHere(where: Surroundings = here()): Promise<string | undefined> {
  const branch = await git(where, 'rev-parse', '--abbrev-ref', 'HEAD');
  if (branch !== undefined && branch !== 'HEAD') return branch;
  // In a pull request, GITHUB_REF_NAME is the merge that GitHub made for it.
  return firstOf(where.env, ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME']);
}

/** The branch that changes are compared with: the target of the pull or merge request, or the main branch. */
export function baseBranchHere(env: Environment = process.env): string {
  return (
    firstOf(env, ['GITHUB_BASE_REF', 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME', 'CI_DEFAULT_BRANCH']) ?? 'main'
  );
}

/** The first of these variables that is set and not empty. */
const firstOf = (env: Environment, names: readonly string[]): string | undefined =>
  names.map((name) => env[name]).find((value) => value !== undefined && value !== '');

/** What git prints, trimmed; undefined when it fails or is not there. No lock is taken, and no monitor that the repository names is started. */
async function git({ cwd, env }: Surroundings, ...args: readonly string[]): Promise<string | undefined> {
  const command = ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...args];
  try {
    const { stdout } = await promisify(execFile)('git', command, {
      cwd,
      env: { ...env },
      timeout: TIMEOUT_MS,
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
