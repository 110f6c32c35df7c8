/** @module YAML and JSON values with their positions, and functions that search them. */
import type { Spot } from '../finding.ts';

/** A value of a document. Aliases and merge keys are resolved. */
export type Tree = TreeMap | TreeList | TreeScalar;

interface TreeMap {
  readonly kind: 'map';
  readonly at: Spot;
  readonly entries: ReadonlyMap<string, Entry>;
}

interface Entry {
  /** The position of the key. */
  readonly keyAt: Spot;
  readonly value: Tree;
}

interface TreeList {
  readonly kind: 'list';
  readonly at: Spot;
  readonly items: readonly Tree[];
}

interface TreeScalar {
  readonly kind: 'scalar';
  readonly at: Spot;
  readonly value: unknown;
}

const camel = (key: string): string =>
  key.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());

/** The entry of a map at `key`; Envoy's `snake_case` is also found as `camelCase`, because its JSON mapping accepts both. */
export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  if (tree?.kind !== 'map') return undefined;
  return tree.entries.get(key) ?? tree.entries.get(camel(key));
}

/** The value at a path of keys; undefined where the path ends early. */
export function get(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let value = tree;
  for (const key of path) value = entryOf(value, key)?.value;
  return value;
}

/** The items of a list at a path; empty where there is no list. */
export function list(tree: Tree | undefined, ...path: readonly string[]): readonly Tree[] {
  const value = get(tree, ...path);
  return value?.kind === 'list' ? value.items : [];
}

/** The scalar at a path as text; undefined where there is none. */
export function text(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
  const value = get(tree, ...path);
  return value?.kind === 'scalar' && value.value !== null && value.value !== undefined
    ? String(value.value)
    : undefined;
}

/** Every map within a value, outermost first, the value itself included. */
export function* maps(tree: Tree | undefined): Generator<Tree> {
  if (tree?.kind === 'map') {
    yield tree;
    for (const { value } of tree.entries.values()) yield* maps(value);
  } else if (tree?.kind === 'list') for (const item of tree.items) yield* maps(item);
}

/** Every entry called `key` within a value. */
export function entries(tree: Tree | undefined, key: string): readonly Entry[] {
  return [...maps(tree)].flatMap((map) => entryOf(map, key) ?? []);
}

/** Every scalar and key within a value, as text. */
export function* words(tree: Tree | undefined): Generator<string> {
  if (tree?.kind === 'scalar') yield String(tree.value);
  else if (tree?.kind === 'list') for (const item of tree.items) yield* words(item);
  else if (tree?.kind === 'map') {
    for (const [key, { value }] of tree.entries) {
      yield key;
      yield* words(value);
    }
  }
}
