/** @module Sums of counts by name, on which all merging of recordings is based. */

/** Sums, key by key. */
export function addCounts<K extends string>(
  keys: readonly K[],
  list: readonly Readonly<Record<K, number>>[],
): Record<K, number> {
  return Object.fromEntries(
    keys.map((key) => [key, list.reduce((sum, counts) => sum + counts[key], 0)]),
  ) as Record<K, number>;
}

/** What has planted misuse that was refused, as the sum; nothing where there was none. */
export function misuseRefusedOf(list: readonly { readonly misuseRefused?: number }[]): {
  readonly misuseRefused?: number;
} {
  const misuseRefused = list.reduce((sum, { misuseRefused = 0 }) => sum + misuseRefused, 0);
  return misuseRefused > 0 ? { misuseRefused } : {};
}

/** Something that is counted under a name. */
interface Named {
  readonly name: string;
}

/** Groups of equal names, in the order of their first appearance. */
export function groupByName<T extends Named>(list: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const entry of list) {
    const group = groups.get(entry.name);
    if (group) group.push(entry);
    else groups.set(entry.name, [entry]);
  }
  return [...groups.values()];
}

/** The order of names by code units: the same on every machine. */
export function byName(a: Named, b: Named): number {
  return a.name < b.name ? -1 : 1;
}
