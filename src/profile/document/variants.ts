/** @module Variants: each is the document with its overrides merged in. */
import { isDeepStrictEqual } from 'node:util';
import { alternatives, listOf } from '../../units/words.ts';
import { SHARED_KEYS } from '../schema.ts';
import { isMapping, type Mapping } from '../section/values.ts';
import { applyHeaders, type Flags, shownFlag, useTarget } from './flags.ts';
import { type Draft, type Origin, parsePath, valueAt } from './overrides.ts';
import type { Place } from './source.ts';

/** Name of the only variant of a profile that lists none. */
const UNNAMED = 'default';

/** One variant, merged, not yet checked. */
export interface Merged {
  readonly name: string;
  readonly overrides: Mapping;
  readonly draft: Draft;
}

export interface Expansion {
  readonly merged: readonly Merged[];
  readonly notices: readonly string[];
}

/** An override of a key that all variants share. */
export interface Misplaced {
  readonly place: Place;
  readonly key: string;
}

/** The variants of a document that flags were applied to. */
export function expandVariants(base: Draft, flags: Flags): Expansion {
  const listed = base.document['variants'];
  const entries = Array.isArray(listed) ? [...(listed as readonly unknown[]).entries()] : [];
  const all = entries.flatMap(([index, entry]) =>
    isMapping(entry) ? [mergeOne(base, index, entry, flags)] : [],
  );
  const notices = [...overruled(all, flags)];
  if (flags.target === undefined) return { merged: all.length > 0 ? all : [bare(base, flags)], notices };
  if (all.length === 0) return { merged: [bare(base, flags)], notices };
  const { merged, notices: more } = withoutTwins(
    all,
    entries.map(([, entry]) => entry),
  );
  return { merged, notices: [...notices, ...more] };
}

/** Overrides of keys that hold for all variants, with their places in the file. */
export function misplacedOverrides(document: Mapping): readonly Misplaced[] {
  const listed = document['variants'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry, index) =>
    Object.keys(isMapping(entry) ? entry : {})
      .filter((key) => SHARED_KEYS.includes(String(parsePath(key)[0])))
      .map((key) => ({ place: ['variants', index, key], key })),
  );
}

function bare(base: Draft, flags: Flags): Merged {
  const draft = base.branch();
  draft.remove('variants');
  applyHeaders(draft, flags.headers);
  return { name: UNNAMED, overrides: {}, draft };
}

function mergeOne(base: Draft, index: number, entry: Mapping, flags: Flags): Merged {
  const draft = base.branch();
  const overrides: Mapping = {};
  draft.remove('variants');
  for (const [key, value] of Object.entries(entry)) {
    const place = parsePath(key);
    const first = String(place[0]);
    if (key === 'name' || SHARED_KEYS.includes(first)) continue;
    if (
      flags.target !== undefined &&
      (first === 'fleet' || first === 'balancer' || first === 'faults' || key === 'target.instances')
    )
      continue;
    const origin = base.originOf(['variants', index, key]);
    draft.override(place, value, origin);
    overrides[key] = value;
  }
  if (flags.target !== undefined) useTarget(draft, flags.target);
  applyHeaders(draft, flags.headers);
  return { name: typeof entry['name'] === 'string' ? entry['name'] : `variants[${index}]`, overrides, draft };
}

/** With `--target`: what differed only in the fleet or the balancer is run once. */
function withoutTwins(all: readonly Merged[], entries: readonly unknown[]): Expansion {
  const groups: Merged[][] = [];
  for (const variant of all) {
    const twin = groups.find(([first]) => isDeepStrictEqual(first!.draft.document, variant.draft.document));
    if (twin === undefined) groups.push([variant]);
    else twin.push(variant);
  }
  const dropped = [...new Set(entries.flatMap((entry) => Object.keys(isMapping(entry) ? entry : {})))].filter(
    (key) => /^(fleet|balancer|faults)(\.|$)/.test(key),
  );
  const notices =
    dropped.length === 0
      ? []
      : [`--target given: ${alternatives(dropped).replace(' or ', ' and ')} of the variants do not apply`];
  for (const group of groups.filter(({ length }) => length > 1)) {
    const names = group.map(({ name }) => JSON.stringify(name));
    notices.push(`--target given: variants ${listOf(names)} do not differ any more; they are run once`);
  }
  return { merged: groups.map((group) => renamed(group, all)), notices };
}

/** A variant that overrides nothing any more must not carry a name that speaks of a fleet. */
function renamed([first]: readonly Merged[], all: readonly Merged[]): Merged {
  const bareNow = Object.keys(first!.overrides).length === 0 && !all.some(({ name }) => name === UNNAMED);
  return bareNow ? { ...first!, name: UNNAMED } : first!;
}

/** What `--set` could not change because variants set it themselves. */
function overruled(all: readonly Merged[], flags: Flags): readonly string[] {
  return flags.settings.flatMap(({ flag, path, place, value }) => {
    const winners = all.filter(
      ({ draft }) => !isDeepStrictEqual(valueAt(draft.document, place), value) && changes(draft, place, flag),
    );
    if (winners.length === 0) return [];
    const names = listOf(winners.map(({ name }) => JSON.stringify(name)));
    return [
      `${shownFlag(flag)}: ${names} ${winners.length === 1 ? 'sets' : 'set'} ${path} differently, and ${winners.length === 1 ? 'wins' : 'win'}`,
    ];
  });
}

/** Whether a variant, not another flag, is what differs. */
function changes(draft: Draft, place: Place, flag: string): boolean {
  const origin: Origin = draft.originOf(place);
  return origin.kind === 'file' || origin.flag === flag;
}
