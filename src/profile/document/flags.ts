/** @module The command-line flags that change a profile: `--set`, and the flags that sections define. */
import { parse } from 'yaml';
import { type Problem, UserError } from '../../units/user-error.ts';
import { listOf } from '../../units/words.ts';
import { isWithin, type Place, parsePath } from '../place.ts';
import { hideSecretsInUrl } from '../secrets.ts';
import type { FlagChange, ProfileFlags } from '../section/section.ts';
import type { Format } from './format.ts';
import { mayHoldSecrets } from './secrets.ts';
import { unshare } from './source.ts';
import { type Origin, type TracedDocument, valueAt } from './traced-document.ts';

/** One `--set`, read. */
interface Setting {
  readonly path: string;
  readonly place: Place;
  readonly value: unknown;
  /** A separate object for each flag, so that two flags with the same text are distinct. */
  readonly origin: Origin & { readonly kind: 'flag' };
}

/** Flags, read. */
export interface Flags {
  readonly settings: readonly Setting[];
  readonly changes: readonly FlagChange[];
}

/** Reads `flags`. Throws a {@link UserError} with every flag that cannot be read. */
export function readFlags(flags: ProfileFlags, format: Format): Flags {
  const sections = Object.values(format.sections).flatMap((section) => section.flags?.read(flags) ?? []);
  const settings = (flags.set ?? []).map((text) => readSetting(text, format));
  const problems = [
    ...sections.flatMap((read) => read.problems),
    ...settings.flatMap((read) => ('what' in read ? read : [])),
  ];
  if (problems.length > 0) throw new UserError(problems);
  return {
    settings: settings.flatMap((read) => ('what' in read ? [] : read)),
    changes: sections.flatMap(({ changes }) => changes),
  };
}

function readSetting(text: string, format: Format): Setting | Problem {
  const [, path, source] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
  if (path === undefined || source === undefined) {
    const expected = 'the form path=value, such as load.rate=400/s';
    return { where: '--set', what: `${firstWord(text)} has no value`, expected };
  }
  const secret = mayHoldSecrets(path, format) || hideSecretsInUrl(source).names.length > 0;
  const flag = secret ? `--set ${path}` : `--set ${text}`;
  try {
    const value = unshare(parse(source, { logLevel: 'error' }) as unknown);
    return { path, place: parsePath(path), value, origin: { kind: 'flag', flag } };
  } catch {
    const shown = secret ? 'the value (not shown)' : JSON.stringify(source);
    return { where: flag, what: `${shown} is not valid YAML` };
  }
}

/** The path at the start of a `--set` without `=`; the text after it may be a credential. */
function firstWord(text: string): string {
  const word = /^\s*[^\s=:]*/.exec(text)![0].trim();
  return word.length === text.trim().length
    ? JSON.stringify(word)
    : `${JSON.stringify(word)} and what follows it (not shown)`;
}

/** Applies all flags to the document; gives notices about keys of the profile that a `--set` removed. */
export function applyFlags(document: TracedDocument, { settings, changes }: Flags): readonly string[] {
  const notices = settings.flatMap((setting) => set(setting, document));
  const told = changes.flatMap((change) => lossOf(change, document));
  for (const change of changes) if (change.changes === 'base') apply(change, document);
  applyToVariant(document, changes);
  return [...notices, ...told];
}

/** The notice about what `change` takes from the profile and the user may miss; nothing where there is no such thing. */
function lossOf({ flag, tells = [] }: FlagChange, { document }: TracedDocument): readonly string[] {
  const lost = tells.filter((path) => (valueAt(document, parsePath(path)) ?? false) !== false);
  if (lost.length === 0) return [];
  return [`${flag} given: ${listOf(lost)} of the profile ${lost.length === 1 ? 'does' : 'do'} not apply`];
}

function set({ place, value, origin }: Setting, document: TracedDocument): readonly string[] {
  const before = Object.keys(document.document);
  document.override(place, value, origin);
  const gone = before.filter((key) => !Object.hasOwn(document.document, key));
  if (gone.length === 0) return [];
  const does = gone.length === 1 ? 'does' : 'do';
  return [
    `${origin.flag}: ${listOf(gone)} of the profile ${does} not apply, as ${place[0]} takes the place of it`,
  ];
}

/** A variant after applying the flags that take precedence over its overrides. */
export function applyToVariant(variant: TracedDocument, changes: Flags['changes']): void {
  for (const change of changes) if (change.changes === 'variants') apply(change, variant);
}

function apply(change: FlagChange, document: TracedDocument): void {
  change.apply(document);
  for (const path of change.removes ?? []) document.remove(parsePath(path));
}

/** The flags that remove something from the profile. */
export function removing({ changes }: Flags): readonly FlagChange[] {
  return changes.filter(({ removes = [] }) => removes.length > 0);
}

/** Whether an override of `place` does not apply because a flag removes that place. */
export function isRemoved(place: Place, flags: Flags): boolean {
  return removing(flags).some(({ removes = [] }) => removes.some((path) => isWithin(place, parsePath(path))));
}
