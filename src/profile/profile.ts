/** @module Reads a profile: text and flags in, every variant ready to run out, or all faults at once. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../units/user-error.ts';
import { completeSettings } from './complete.ts';
import { check, collectFaults } from './document/check.ts';
import { applyFlags, applyHeaders, type Flags, type ProfileFlags, readFlags } from './document/flags.ts';
import { Draft } from './document/overrides.ts';
import { parseSource } from './document/source.ts';
import { expandVariants, type Merged } from './document/variants.ts';
import { overridesWithoutSecrets, withoutSecrets } from './secrets.ts';
import { isMapping, type Mapping } from './section/values.ts';
import type { Profile, Variant } from './settings.ts';

export type { ProfileFlags } from './document/flags.ts';

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
};

/** Reads the profile at `path`. Throws a {@link UserError} with every fault of file, profile and flags. */
export async function readProfile(path: string, flags: ProfileFlags = {}): Promise<Profile> {
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
  return parseProfile(decode(bytes, path), path, flags);
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

/** Reads the profile that `text` spells; `file` names it in faults, and paths in it are relative to its folder. Throws a {@link UserError} with every fault. */
export function parseProfile(text: string, file: string, flags: ProfileFlags = {}): Profile {
  const read = readFlags(flags);
  const source = parseSource(text, file);
  if (!isMapping(source.value)) {
    throw new UserError({
      where: `${file}:1:1`,
      what: 'this is not a profile',
      expected: 'a mapping that begins with version: 1',
    });
  }
  const base = new Draft(source.value);
  applyFlags(base, read);
  const { merged, notices } = expandVariants(base, read);
  const checked = merged.map((variant) => check(variant));
  const faults = collectFaults(source, base, checked, read);
  if (faults.length > 0) throw new UserError(faults);
  applyHeaders(base, read.headers);
  const folder = dirname(resolve(file));
  const variants = checked.map(
    ({ name, overrides, document }): Variant => ({
      name,
      overrides: overridesWithoutSecrets(overrides),
      settings: completeSettings(document!, folder),
    }),
  );
  const { title, thresholds, repetitions } = checked[0]!.document!;
  const recorded = withoutSecrets(recordable(base.document, checked, read));
  return {
    title: title ?? basename(file).replace(/\.ya?ml$/i, ''),
    document: recorded.document,
    variants,
    repetitions: repetitions ?? (variants.length > 1 ? 3 : 1),
    thresholds,
    notices: [...notices, ...recorded.notices],
  };
}

/**
 * The document as it can be run again. With `--target`, overrides of a fleet that is not there would bring it back, so
 * the variants are those that are run.
 */
function recordable(document: Mapping, variants: readonly Merged[], { target }: Flags): Mapping {
  if (target === undefined || document['variants'] === undefined) return document;
  const { variants: _, ...shared } = document;
  if (variants.every(({ overrides }) => Object.keys(overrides).length === 0)) return shared;
  return { ...shared, variants: variants.map(({ name, overrides }) => ({ name, ...overrides })) };
}
