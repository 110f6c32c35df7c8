/** @module Variants: each is the document with its overrides merged in. */
import { isDeepStrictEqual } from 'node:util';
import { listOf } from '../../units/words.ts';
import { type Place, parsePath } from '../place.ts';
import { isMapping, type Mapping } from '../section/values.ts';
import { applyToVariant, type Flags, isRemoved, removing } from './flags.ts';
import type { Format } from './format.ts';
import { type Origin, type TracedDocument, valueAt } from './traced-document.ts';

/** Name of the only variant of a profile that lists none. */
const UNNAMED = 'default';

/** One variant after merging, not yet checked. */
export interface Merged {
  readonly name: string;
  /** Names of other variants, by the key that refers to them. */
  readonly references: Readonly<Record<string, string>>;
  /** Texts that are kept as they are, by their keys. */
  readonly labels: Readonly<Record<string, string>>;
  readonly overrides: Mapping;
  readonly traced: TracedDocument;
}

export interface Expansion {
  readonly merged: readonly Merged[];
  readonly notices: readonly string[];
}

/** An override of a key that applies to all variants. */
export interface Misplaced {
  readonly place: Place;
  readonly key: string;
}

/** The variants of a document after flags were applied. */
export function expandVariants(base: TracedDocument, flags: Flags, format: Format): Expansion {
  const entries = entriesOf(base.document, format);
  const listed = entries.map(([index, entry]) => mergeOne(base, index, entry, flags, format));
  const all = listed.length > 0 ? listed : [withoutOverrides(base, flags, format)];
  const notices = overruled(all, flags, format);
  if (listed.length === 0 || removing(flags).length === 0) return { merged: all, notices };
  const distinct = withoutDuplicates(all, flags);
  const keys = new Set(entries.flatMap(([, entry]) => Object.keys(entry)));
  const dropped = [...keys].filter((key) => isRemoved(parsePath(key), flags));
  const idle =
    dropped.length === 0 ? [] : [`${given(flags)}: ${listOf(dropped)} of the variants do not apply`];
  return { merged: distinct.merged, notices: [...notices, ...idle, ...distinct.notices] };
}

/** The entries of the list of variants that are mappings, with their indexes. */
function entriesOf(document: Mapping, { variantsKey }: Format): readonly (readonly [number, Mapping])[] {
  const listed = document[variantsKey];
  const entries = Array.isArray(listed) ? [...(listed as readonly unknown[]).entries()] : [];
  return entries.flatMap(([index, entry]) => (isMapping(entry) ? [[index, entry] as const] : []));
}

/** Overrides of keys that apply to all variants, with their places in the file. */
export function misplacedOverrides(document: Mapping, format: Format): readonly Misplaced[] {
  return entriesOf(document, format).flatMap(([index, entry]) =>
    Object.keys(entry)
      .filter((key) => format.sharedKeys.includes(String(parsePath(key)[0])))
      .map((key) => ({ place: [format.variantsKey, index, key], key })),
  );
}

function withoutOverrides(base: TracedDocument, { changes }: Flags, { variantsKey }: Format): Merged {
  const traced = base.branch();
  traced.remove([variantsKey]);
  applyToVariant(traced, changes);
  return { name: UNNAMED, references: {}, labels: {}, overrides: {}, traced };
}

function mergeOne(
  base: TracedDocument,
  index: number,
  entry: Mapping,
  flags: Flags,
  { variantsKey, variantKeys, variantReferences, variantLabels, sharedKeys }: Format,
): Merged {
  const traced = base.branch();
  const overrides: Mapping = {};
  traced.remove([variantsKey]);
  for (const [key, value] of Object.entries(entry)) {
    const place = parsePath(key);
    if (variantKeys.includes(key) || sharedKeys.includes(String(place[0])) || isRemoved(place, flags))
      continue;
    traced.override(place, value, base.originOf([variantsKey, index, key]));
    overrides[key] = value;
  }
  applyToVariant(traced, flags.changes);
  const { name } = entry;
  return {
    name: typeof name === 'string' ? name : `${variantsKey}[${index}]`,
    references: textsOf(entry, variantReferences),
    labels: textsOf(entry, variantLabels),
    overrides,
    traced,
  };
}

const textsOf = (entry: Mapping, keys: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    keys.flatMap((key) => (typeof entry[key] === 'string' ? [[key, entry[key]] as const] : [])),
  );

/** Merges variants that differed only in what a flag removed: they are run once. */
function withoutDuplicates(all: readonly Merged[], flags: Flags): Expansion {
  const groups: Merged[][] = [];
  for (const variant of all) {
    const same = groups.find(([first]) => isDeepStrictEqual(first!.traced.document, variant.traced.document));
    if (same === undefined) groups.push([variant]);
    else same.push(variant);
  }
  const notices = groups
    .filter(({ length }) => length > 1)
    .map((group) => `${given(flags)}: variants ${quoted(group)} no longer differ; they are run once`);
  const kept = groups.map((group) => ({ group, variant: renamed(group[0]!, all) }));
  /** The name under which a variant of that name is run. */
  const nameOf = (wanted: string): string | undefined =>
    kept.find(({ group }) => group.some(({ name }) => name === wanted))?.variant.name;
  return { merged: kept.map(({ variant }) => referring(variant, nameOf)), notices };
}

/** Resolves references to the variants that are run, without one to the variant itself. */
function referring(variant: Merged, nameOf: (name: string) => string | undefined): Merged {
  const references = Object.entries(variant.references).flatMap(([key, wanted]) => {
    const name = nameOf(wanted);
    return name === undefined || name === variant.name ? [] : [[key, name] as const];
  });
  return { ...variant, references: Object.fromEntries(references) };
}

/** Renames a variant whose overrides were all removed, so that its name does not suggest otherwise. */
function renamed(variant: Merged, all: readonly Merged[]): Merged {
  const bareNow = Object.keys(variant.overrides).length === 0 && !all.some(({ name }) => name === UNNAMED);
  return bareNow ? { ...variant, name: UNNAMED } : variant;
}

/** Notices about values that `--set` did not change because variants set them. */
function overruled(all: readonly Merged[], flags: Flags, { variantsKey }: Format): readonly string[] {
  return flags.settings.flatMap(({ path, place, value, origin }) => {
    // What is set within the list of variants is their own.
    if (place[0] === variantsKey || isRemoved(place, flags)) return [];
    const winners = all.filter(({ traced }) => isOverruled(traced, place, value, origin));
    if (winners.length === 0) return [];
    const sets = winners.length === 1 ? 'sets' : 'set';
    return [`${origin.flag}: ${quoted(winners)} ${sets} ${path} to another value, which takes precedence`];
  });
}

/** Whether the file has another value at `place` than the flag set. A mapping was merged: only its own keys count. */
function isOverruled(traced: TracedDocument, place: Place, value: unknown, origin: Origin): boolean {
  if (isMapping(value) && isMapping(valueAt(traced.document, place)))
    return Object.entries(value).some(([key, child]) => isOverruled(traced, [...place, key], child, origin));
  if (isDeepStrictEqual(valueAt(traced.document, place), value)) return false;
  // Otherwise the difference comes from another flag.
  const found = traced.originOf(place);
  return found.kind === 'file' || found === origin;
}

const given = (flags: Flags): string => `${listOf(removing(flags).map(({ flag }) => flag))} given`;
const quoted = (variants: readonly Merged[]): string =>
  listOf(variants.map(({ name }) => JSON.stringify(name)));
