/** @module The flags of the command line that change a profile: `--target`, `--header`, `--set`, `--repetitions`. */
import { parse } from 'yaml';
import { type Problem, UserError } from '../../units/user-error.ts';
import { hideSecretsInUrl, isSecretName, mayHoldSecrets } from '../secrets.ts';
import { isMapping, type Mapping } from '../section/values.ts';
import { type Draft, parsePath } from './overrides.ts';
import type { Place } from './source.ts';

/** Flags as the user gave them. */
export interface ProfileFlags {
  /** URL of an endpoint to load, instead of the fleet or the target of the profile. */
  readonly target?: string;
  /** Headers for the target: `Name: value`. */
  readonly headers?: readonly string[];
  /** Overrides of the profile, before its variants: `load.rate=400/s`; the value is read as YAML. */
  readonly set?: readonly string[];
  readonly repetitions?: number;
}

/** One `--set`, read. */
interface Setting {
  readonly flag: string;
  readonly path: string;
  readonly place: Place;
  readonly value: unknown;
}

/** Flags, read. */
export interface Flags {
  readonly target: string | undefined;
  /** `--header NAME: VALUE` each. */
  readonly headers: readonly { readonly flag: string; readonly name: string; readonly value: string }[];
  readonly settings: readonly Setting[];
  readonly repetitions: number | undefined;
}

/** Reads `flags`. Throws a {@link UserError} with every flag that cannot be read. */
export function readFlags(flags: ProfileFlags): Flags {
  const faults: Problem[] = [];
  const headers = (flags.headers ?? []).flatMap((text) => {
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [{ flag: `--header ${name}`, name, value }];
    faults.push(notAHeader(text));
    return [];
  });
  const settings = (flags.set ?? []).flatMap((text) => {
    const [, path, source] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
    if (path === undefined || source === undefined) {
      faults.push({
        where: '--set',
        what: `${firstWord(text)} sets nothing`,
        expected: 'the form path=value, such as load.rate=400/s',
      });
      return [];
    }
    try {
      return [
        {
          flag: `--set ${text}`,
          path,
          place: parsePath(path),
          value: parse(source, { logLevel: 'error' }) as unknown,
        },
      ];
    } catch {
      const flag = `--set ${text}`;
      const shown = shownFlag(flag) === flag ? JSON.stringify(source) : 'the value (not shown)';
      faults.push({ where: shownFlag(flag), what: `${shown} is not readable as YAML` });
      return [];
    }
  });
  if (faults.length > 0) throw new UserError(faults);
  return { target: flags.target, headers, settings, repetitions: flags.repetitions };
}

/** The fault of a `--header` that is none. Its text may be a credential, so at most a name that says so is quoted. */
function notAHeader(text: string): Problem {
  const [, word] = /^\s*([A-Za-z][A-Za-z-]*)[\s=]/.exec(text) ?? [];
  const name = word !== undefined && (isSecretName(word) || /^x-/i.test(word)) ? ` ${word}` : '';
  const colon = text.trim().indexOf(':');
  const what = { [-1]: 'there is no colon in it', 0: 'there is no name before the colon' }[colon];
  return {
    where: `--header${name}`,
    what: what ?? 'a colon stands too late in it',
    expected: 'the form "Name: value"',
    todo: 'what was given is not shown',
  };
}

/** The path that a `--set` without `=` begins with; what comes after it may be a credential. */
function firstWord(text: string): string {
  const word = /^\s*[^\s=:]*/.exec(text)![0].trim();
  return word.length === text.trim().length
    ? JSON.stringify(word)
    : `${JSON.stringify(word)} and what follows it (not shown)`;
}

/** A flag as messages name it: without its value where that may hold credentials. */
export function shownFlag(flag: string): string {
  const [, path, value] = /^--set\s+([^=\s]+)\s*=(.*)$/s.exec(flag) ?? [];
  if (path === undefined || value === undefined) return flag;
  return mayHoldSecrets(path) || hideSecretsInUrl(value).names.length > 0 ? `--set ${path}` : flag;
}

/** The document with the flags applied, headers aside: those belong to every variant that has a target. */
export function applyFlags(draft: Draft, { target, settings, repetitions }: Flags): void {
  for (const { place, value, flag } of settings) draft.override(place, value, { kind: 'flag', flag });
  if (repetitions !== undefined)
    draft.override(['repetitions'], repetitions, { kind: 'flag', flag: '--repetitions' });
  if (target !== undefined) useTarget(draft, target);
}

/** Points the document at `url`. */
export function useTarget(draft: Draft, url: string): void {
  draft.override(['target', 'url'], url, { kind: 'flag', flag: '--target' });
  // A fleet given by `--set` in the same round would stay otherwise.
  draft.remove('fleet');
  const target = draft.document['target'];
  if (isMapping(target)) delete target['instances'];
  draft.remove('balancer');
  draft.remove('faults');
}

/** Adds the headers of the flags to the target of a document, if it has one; they win over those of the profile. */
export function applyHeaders(draft: Draft, headers: Flags['headers']): void {
  const target = draft.document['target'];
  if (!isMapping(target)) return;
  for (const { name, value, flag } of headers) {
    const there = isMapping(target['headers']) ? (target['headers'] as Mapping) : {};
    for (const known of Object.keys(there))
      if (known.toLowerCase() === name.toLowerCase()) delete there[known];
    draft.override(['target', 'headers', name], value, { kind: 'flag', flag });
  }
}
