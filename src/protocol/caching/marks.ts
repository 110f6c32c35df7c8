/** @module How an answer says that a cache on the way gave it: entries of `Server-Timing`, which every driver reads. */
import type { Micros } from '../../units/time.ts';

/** Entry of `Server-Timing` (W3C) whose description is one of {@link CACHE_MARKS}: `cache;desc=hit`. */
export const CACHE_ENTRY = 'cache';
/** Entry with the age of the stored answer as its duration in milliseconds: `cache-age;dur=812.3`. */
export const AGE_ENTRY = 'cache-age';

/** `hit`: given from the cache. `stale`: given although it was not fresh any more. `wait`: given from the answer to another request that was under way. `miss`: fetched. */
export const CACHE_MARKS = ['hit', 'stale', 'wait', 'miss'] as const;
export type CacheMark = (typeof CACHE_MARKS)[number];

/** Entry that says why a `miss` was fetched, as its description: one of {@link MARKED_REASONS}. A miss without it counts as `cold`. */
export const REASON_ENTRY = 'cache-reason';
const MARKED_REASONS = ['cold', 'expired', 'invalidated', 'not-kept', 'evicted'] as const;
export type MarkedReason = (typeof MARKED_REASONS)[number];

/** What a cache on the way says of an answer. */
export interface AnswerMark {
  readonly mark: CacheMark;
  /** Absent: not said. */
  readonly ageUs?: Micros;
  /** Of a miss. */
  readonly reason?: MarkedReason;
}

/** An entry of `Server-Timing`, with its parameters. Source: W3C Server Timing, section 2. */
const ENTRY =
  /[ \t]*([!#$%&'*+\-.^_`|~\w]+)((?:[ \t]*;[ \t]*[\w-]+[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|[^ \t;,"]+))*)[ \t]*(?:,|$)/y;

/** The marks in a value of `Server-Timing`; undefined without one. Of several caches on the way the one that is named first counts. */
export function readMark(field: string | undefined): AnswerMark | undefined {
  if (field === undefined || !field.includes(CACHE_ENTRY)) return undefined;
  const entries = entriesOf(field);
  const mark = oneOf(CACHE_MARKS, parameterOf(entries.get(CACHE_ENTRY), 'desc'));
  if (mark === undefined) return undefined;
  const ageMs = Number(parameterOf(entries.get(AGE_ENTRY), 'dur'));
  const reason = oneOf(MARKED_REASONS, parameterOf(entries.get(REASON_ENTRY), 'desc'));
  return {
    mark,
    ...(ageMs >= 0 && Number.isFinite(ageMs) && { ageUs: ageMs * 1000 }),
    ...(reason !== undefined && { reason }),
  };
}

/** Whether a cache on the way gave the answer with this value of `Server-Timing`, and no instance did. */
export function isGiven(field: string | undefined): boolean {
  const mark = readMark(field)?.mark;
  return mark !== undefined && mark !== 'miss';
}

/** The parameters of each entry as text; of equal names those of the first. What follows something malformed is left out. */
function entriesOf(field: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  ENTRY.lastIndex = 0;
  for (let found = ENTRY.exec(field); found !== null; found = ENTRY.exec(field)) {
    const [, name = '', parameters = ''] = found;
    if (!entries.has(name)) entries.set(name, parameters);
    if (ENTRY.lastIndex >= field.length) break;
  }
  return entries;
}

function parameterOf(parameters: string | undefined, name: string): string | undefined {
  const found = parameters?.match(
    new RegExp(`;[ \\t]*${name}[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^ \\t;,"]+))`, 'i'),
  );
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2];
}

const oneOf = <Name extends string>(names: readonly Name[], text: string | undefined): Name | undefined =>
  names.find((name) => name === text);
