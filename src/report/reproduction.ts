/** @module What it takes to run a result again: the command lines and the profile as text. */
import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { Model } from './model.ts';
import { plain } from './wording.ts';

/** How to run the same again. */
export interface Reproduction {
  /** The command line that started the run; undefined where the result does not say. */
  readonly given: string | undefined;
  /** The command line that runs {@link profile} with the same seed. */
  readonly again: string;
  /** The name to save {@link profile} under. */
  readonly file: string;
  /** The profile as YAML, with all flags applied. */
  readonly profile: string;
  /** Whether credentials are missing in these texts. */
  readonly isMasked: boolean;
}

/** How to run the result again. Printable, except for the line breaks of the profile. */
export function reproductionOf({ document }: Model): Reproduction {
  const { command, seed, profileFile = '' } = document;
  const file = plain(basename(profileFile));
  const name = /\.ya?ml$/i.test(file) ? file : 'profile.yaml';
  const given = command === undefined ? undefined : commandLine(command);
  const profile = stringify(document.profile, { lineWidth: 100 });
  return {
    given,
    again: commandLine(['run', name, '--seed', String(seed)]),
    file: name,
    profile,
    // As src/profile/secrets.ts writes it, in values and in URLs.
    isMasked: /\(not[ -]recorded\)/.test(`${given}${profile}`),
  };
}

/** The command line of `args`, the arguments after `paceline`, for a POSIX shell. */
export const commandLine = (args: readonly string[]): string =>
  ['paceline', ...args.map((argument) => quoted(plain(argument)))].join(' ');

/** An argument as a POSIX shell reads it. */
function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
