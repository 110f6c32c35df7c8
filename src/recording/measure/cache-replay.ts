/** @module What the calls of a load would have got from caches with other lifetimes, computed from the log of its lookups. The worker counts nothing of it. */
import type { Micros, Millis } from '../../units/time.ts';

/** One lifetime. Counts of repetitions add up. */
export interface ReplayPoint {
  readonly ttlMs: Millis;
  /** Lookups of the measured time, hits among them, and fetches. */
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
