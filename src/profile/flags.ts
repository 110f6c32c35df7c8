/** @module The flags of the command line that change a profile: `--target`, `--header`, `--set`, `--repetitions`. */
import { parse } from 'yaml';
import { type Fault, UserFault } from '../units/fault.ts';
import { type Draft, parsePath } from './draft.ts';
import { mayHoldSecrets } from './secrets.ts';
import type { Place } from './source.ts';
import { isMapping, type Mapping } from './values.ts';

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

/** Reads `flags`. Throws a {@link UserFault} with every flag that cannot be read. */
export function readFlags(flags: ProfileFlags): Flags {
  const faults: Fault[] = [];
  const headers = (flags.headers ?? []).flatMap((text) => {
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [{ flag: `--header ${name}`, name, value }];
    faults.push({
      where: '--header',
      what: `${JSON.stringify(text)} is not a header`,
      expected: 'the form "Name: value"',
    });
    return [];
  });
  const settings = (flags.set ?? []).flatMap((text) => {
    const [, path, source] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
    if (path === undefined || source === undefined) {
      faults.push({
        where: '--set',
        what: `${JSON.stringify(text.replace(/\/\/.*@/, '//(not shown)@'))} sets nothing`,
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
      const shown = mayHoldSecrets(path) ? 'the value (not shown)' : JSON.stringify(source);
      faults.push({ where: shownFlag(`--set ${text}`), what: `${shown} is not readable as YAML` });
      return [];
    }
  });
  if (faults.length > 0) throw new UserFault(faults);
  return { target: flags.target, headers, settings, repetitions: flags.repetitions };
}

/** A flag as messages name it: without its value where that may hold credentials. */
export function shownFlag(flag: string): string {
  const path = /^--set\s+([^=\s]+)\s*=/.exec(flag)?.[1];
  return path !== undefined && mayHoldSecrets(path) ? `--set ${path}` : flag;
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
