/** @module What the calls of a load would have got from caches with other lifetimes, computed from the log of its lookups. The worker counts nothing of it. */
import type { Micros, Millis } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

/** One lifetime. Counts of repetitions add up. */
export interface ReplayPoint {
  readonly ttlMs: Millis;
  /** Lookups of the measured time, hits among them, and fetches. The rest waited for the fetch of another. */
  readonly lookups: number;
  readonly hits: number;
  readonly fetches: number;
  /** Hits of the closed form for the same callers, as an expectation; null where there is none for the arrivals. */
  readonly closedHits: number | null;
  /** Age of what was given, added up over all lookups (a fetch gives 0); the largest one. */
  readonly ageSumUs: Micros;
  readonly ageMaxUs: Micros;
  /** Fetches in the busiest 100 ms; of several repetitions the largest. */
  readonly peakPerStep: number;
}

export interface CacheReplayCounts {
  readonly at: 'agent' | 'gateway';
  /** Ascending by {@link ReplayPoint.ttlMs}. */
  readonly points: readonly ReplayPoint[];
}

/** Of an interrupted repetition some lifetimes may be missing: only those that all have can be added up. */
function merge(list: readonly CacheReplayCounts[]): CacheReplayCounts {
  const [first] = list;
  const points = first!.points.flatMap(({ ttlMs }) => {
    const same = list.flatMap((counts) => counts.points.filter((point) => point.ttlMs === ttlMs));
    return same.length < list.length ? [] : [mergePoints(same)];
  });
  return { at: first!.at, points };
}

function mergePoints(list: readonly ReplayPoint[]): ReplayPoint {
  const closed = list.flatMap(({ closedHits }) => closedHits ?? []);
  return {
    ttlMs: list[0]!.ttlMs,
    ...addCounts(['lookups', 'hits', 'fetches', 'ageSumUs'], list),
    closedHits: closed.length < list.length ? null : closed.reduce((sum, hits) => sum + hits, 0),
    ageMaxUs: Math.max(...list.map(({ ageMaxUs }) => ageMaxUs)),
    peakPerStep: Math.max(...list.map(({ peakPerStep }) => peakPerStep)),
  };
}

export const cacheReplay: Measure<CacheReplayCounts> = {
  name: 'cacheReplay',
  start: () => undefined,
  merge,
};
