/** @module Whether readings of one subject by one identity differ, and what the difference goes with. */
import { createHash } from 'node:crypto';
import { grouped, isWhole, type Reading } from './seen.ts';

/**
 * What a difference goes with:
 * - `instance`: each instance always gives the same, and another one something else.
 * - `connection`: each connection always gets the same, and another one something else.
 * - `time`: all got one thing up to a moment, and another one after it.
 * - `request`: none of these.
 */
export type GoesWith = 'instance' | 'connection' | 'time' | 'request';

/** Two readings that differ, and what the difference goes with. */
export interface Difference {
  readonly goesWith: GoesWith;
  readonly one: Reading;
  readonly other: Reading;
}

/** What the entries are, whatever their order. */
export const contentOf = (reading: Reading): string => digest(digestsOf(reading).toSorted());

/** What the entries are, in their order. */
export const sequenceOf = (reading: Reading): string => digest(digestsOf(reading));

const digestsOf = ({ pages }: Reading): readonly string[] =>
  pages.flatMap(({ entries }) => entries.map((entry) => entry.digest));

const digest = (digests: readonly string[]): string =>
  createHash('sha256').update(digests.join()).digest('base64url');

/** The difference in `keyOf` of complete readings, in the order of time, of one subject by one identity; `undefined` when they are the same. */
export function difference(
  readings: readonly Reading[],
  keyOf: (reading: Reading) => string,
): Difference | undefined {
  const whole = readings.filter(isWhole);
  const [one] = whole;
  if (one === undefined) return undefined;
  const other = whole.find((reading) => keyOf(reading) !== keyOf(one));
  return other && { goesWith: goesWith(whole, keyOf), one, other };
}

function goesWith(readings: readonly Reading[], keyOf: (reading: Reading) => string): GoesWith {
  if (isByInstance(readings)) return 'instance';
  const ofConnections = grouped(readings, ({ connection }) => connection);
  if (isSteady(ofConnections, keyOf)) return 'connection';
  return changesOnce(readings.map(keyOf)) ? 'time' : 'request';
}

/** Compared page by page, because a balancer may send each page to another instance. */
function isByInstance(readings: readonly Reading[]): boolean {
  const pages = readings.flatMap(({ pages: all }) => all.map((page, place) => ({ page, place })));
  if (pages.some(({ page }) => page.instance === undefined)) return false;
  const ofInstances = grouped(pages, ({ page, place }) => `${place} ${page.instance}`);
  return isSteady(ofInstances, ({ page }) => digest(page.entries.map((entry) => entry.digest).toSorted()));
}

/** Whether every group has one value only, and a group is large enough to tell that from chance. */
function isSteady<Value>(
  groups: ReadonlyMap<unknown, readonly Value[]>,
  keyOf: (value: Value) => string,
): boolean {
  const all = [...groups.values()];
  return all.some((group) => group.length > 1) && all.every((group) => new Set(group.map(keyOf)).size === 1);
}

/** Whether each value comes in one run: what was left does not come back. */
function changesOnce(values: readonly string[]): boolean {
  const runs = values.filter((value, place) => value !== values[place - 1]);
  return new Set(runs).size === runs.length;
}

/** What differs between two readings, by the names of entries: `a, b only in the first; c differs`. */
export function describeDifference(one: Reading, other: Reading): string {
  const [first, second] = [entriesOf(one), entriesOf(other)];
  const only = (these: Entries, those: Entries): readonly string[] =>
    [...these.keys()].filter((name) => !those.has(name));
  const changed = [...first].flatMap(([name, digests]) => {
    const theirs = second.get(name);
    return theirs === undefined || theirs === digests ? [] : [name];
  });
  const parts = [
    ...named(only(first, second), 'only in the first'),
    ...named(only(second, first), 'only in the second'),
    ...named(changed, 'not the same in both'),
  ];
  return parts.join('; ');
}

type Entries = ReadonlyMap<string, string>;

function entriesOf({ pages }: Reading): Entries {
  const entries = pages.flatMap((page) => page.entries);
  const groups = grouped(entries, ({ name }) => name);
  return new Map(
    [...groups].map(([name, group]) => [
      name,
      group
        .map((entry) => entry.digest)
        .toSorted()
        .join(),
    ]),
  );
}

/** More names than this are counted. */
const MOST_NAMES = 3;

function named(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return [`${names.slice(0, MOST_NAMES).join(', ')}${more} ${what}`];
}

/** Where a reading came from: `instance a`, `connection 2`. */
export function originOf({ pages, connection }: Reading): string {
  const instances = new Set(pages.map(({ instance }) => instance));
  const [instance] = instances;
  return instances.size === 1 && instance !== undefined
    ? `instance ${instance}`
    : `connection ${connection + 1}`;
}
