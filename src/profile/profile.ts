/** @module Reads a profile: turns text and flags into variants that are ready to run, or reports all problems at once. */
import { readFile } from 'node:fs/promises';
import { UserError } from '../units/user-error.ts';
import {
  checkDocument,
  type OpenedDocument,
  openDocument,
  type ReadDocument,
  readDocument,
} from './document/document.ts';
import { formatOf } from './document/format.ts';
import type { BoundedMetric } from './section/bounded-metric.ts';
import type { ProfileFlags, ReadOptions } from './section/section.ts';
import { SECTIONS } from './section/sections.ts';
import type { Profile } from './settings.ts';

export type { ReadOptions } from './section/section.ts';

/** The format of profiles. */
export const PROFILE_FORMAT = formatOf(SECTIONS);

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EISDIR: 'is a folder',
  EACCES: 'cannot be read (permission denied)',
};

/** What stands for standard input in place of a path. */
const STDIN = '-';

/** Options for reading a profile from a file. */
export interface ReadFileOptions extends ProfileFlags {
  /** Loads the metrics that thresholds can bound; asked for a profile with thresholds only. None when absent. */
  readonly metrics?: () => Promise<readonly BoundedMetric[]>;
}

/** Reads the profile at `path`, or from standard input for `-`. Throws a {@link UserError} with every problem of file, profile and flags. */
export async function readProfile(
  path: string,
  { metrics, ...flags }: ReadFileOptions = {},
): Promise<Profile> {
  let bytes: Uint8Array;
  try {
    bytes = path === STDIN ? Buffer.concat(await process.stdin.toArray()) : await readFile(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(
      { where: path, what: CODES[code] ?? message, expected: 'a YAML profile' },
      { cause: error },
    );
  }
  const file = path === STDIN ? 'stdin' : path;
  const opened = openDocument(decode(bytes, file), file, flags, PROFILE_FORMAT);
  const bounded = hasThresholds(opened) ? await metrics?.() : [];
  return profileOf(checkDocument(opened, bounded ?? [], PROFILE_FORMAT), file);
}

const hasThresholds = ({ base }: OpenedDocument): boolean => base.document['thresholds'] !== undefined;

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(
      { where: path, what: 'is not UTF-8 text', expected: 'a YAML profile' },
      { cause: error },
    );
  }
}

/** Reads the profile in `text`; `file` names it in problems, and its folder is the base of relative paths. Throws a {@link UserError} with every problem. */
export function parseProfile(text: string, file: string, options: ReadOptions = {}): Profile {
  return profileOf(readDocument(text, file, options, PROFILE_FORMAT), file);
}

function profileOf({ document, variants, shared, notices }: ReadDocument, file: string): Profile {
  // The types Profile and Settings are derived from the same table of sections as the format.
  return { ...shared, file, document, variants, notices } as Profile;
}
