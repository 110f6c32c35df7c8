/** @module The sides that the flags of `paceline ab` ask for. */
import { dirname, relative, resolve } from 'node:path';
import { SIDE_FLAGS, type SidesForm } from '../profile/section/sides.ts';
import { UserError } from '../units/user-error.ts';
import { alternatives, listOf } from '../units/words.ts';

export interface SideOptions {
  readonly a?: string;
  readonly b?: string;
  readonly aRef?: string;
  readonly bRef?: string;
  readonly aTarget?: string;
  readonly bTarget?: string;
  /** What builds a revision. */
  readonly build?: string;
}

const KINDS = ['commands', 'revisions', 'targets'] as const;

const PAIRS: readonly string[] = KINDS.map((kind) => SIDE_FLAGS[kind].join(' with '));

/** What differs between the sides of the profile at `path`. Throws a {@link UserError} unless exactly one pair of flags is given, whole. */
export function formOf(options: SideOptions, path: string): SidesForm {
  const { a, b, aRef, bRef, aTarget, bTarget, build } = options;
  const given = { commands: [a, b], revisions: [aRef, bRef], targets: [aTarget, bTarget] } as const;
  const used = KINDS.filter((kind) => given[kind].some((value) => value !== undefined));
  const [kind] = used;
  if (kind === undefined)
    throw new UserError({ where: 'paceline ab', what: 'has no sides', expected: alternatives(PAIRS) });
  if (used.length > 1) {
    const flags = used.flatMap((one) => SIDE_FLAGS[one].filter((_, at) => given[one][at] !== undefined));
    throw new UserError({
      where: listOf(flags),
      what: 'cannot be combined: the sides differ in one thing only',
      expected: alternatives(PAIRS),
    });
  }
  if (build !== undefined && kind !== 'revisions')
    throw new UserError({
      where: '--build',
      what: 'only revisions are built',
      todo: 'give it with --a-ref and --b-ref',
    });
  const [first, second] = given[kind];
  if (first === undefined || second === undefined) {
    const [ours, theirs] = SIDE_FLAGS[kind];
    throw new UserError({
      where: first === undefined ? ours : theirs,
      what: 'is missing',
      expected: 'both sides',
    });
  }
  const sides = { a: first, b: second };
  return kind === 'commands' ? { kind, ...sides, cwd: startedIn(path) } : { kind, ...sides };
}

/** This folder, relative to that of the profile: a command of the command line means files as the user's shell does. */
function startedIn(path: string): string {
  return relative(dirname(resolve(path)), process.cwd()) || '.';
}
