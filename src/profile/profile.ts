/** @module Reads a profile: text and flags in, every variant ready to run out, or all problems at once. */
import { readFile } from 'node:fs/promises';
import { UserError } from '../units/user-error.ts';
import { readDocument } from './document/document.ts';
import { formatOf } from './document/format.ts';
import type { ReadOptions } from './section/section.ts';
import { SECTIONS } from './section/sections.ts';
import type { Profile } from './settings.ts';

export type { ReadOptions } from './section/section.ts';

/** The format of profiles. */
export const PROFILE_FORMAT = formatOf(SECTIONS);

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
};

/** Reads the profile at `path`. Throws a {@link UserError} with every problem of file, profile and flags. */
export async function readProfile(path: string, options: ReadOptions = {}): Promise<Profile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(
      { where: path, what: CODES[code] ?? message, expected: 'a YAML profile' },
      { cause: error },
    );
  }
  return parseProfile(decode(bytes, path), path, options);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(
      { where: path, what: 'is not text in UTF-8', expected: 'a YAML profile' },
      { cause: error },
    );
  }
}

/** Reads the profile in `text`; `file` names it in problems, and paths in it are relative to its folder. Throws a {@link UserError} with every problem. */
export function parseProfile(text: string, file: string, options: ReadOptions = {}): Profile {
  const { document, variants, shared, notices } = readDocument(text, file, options, PROFILE_FORMAT);
  // The types of Profile and Settings are those of the table that the format is made from.
  return { ...shared, document, variants, notices } as Profile;
}
