/** @module The curve of a run: what every lifetime would have given, replayed and in closed form. */
import type { CacheSettings } from '../profile/settings.ts';
import type { Micros, Millis } from '../units/time.ts';
import { type Arrivals, expectedHits } from './expected-hits.ts';
import type { Lookups, Place } from './lookups.ts';
import { type Replayed, replay } from './replay.ts';

/** A run whose lookups were logged. */
export interface LoggedRun extends Pick<Place, 'privateMethods'> {
  readonly settings: Pick<CacheSettings, 'at' | 'capacity' | 'singleFlight' | 'jitter'>;
  /** Absent where calls fell due otherwise: in stages, or when one before them had ended. Then there is no closed form. */
  readonly arrivals?: Arrivals | undefined;
  /** How often each agent calls, relative to the others. */
  readonly weights: ArrayLike<number>;
  readonly measuredUs: Micros;
  /** How long it was to be, which bounds the curve: curves of all repetitions have the same lifetimes. */
  readonly plannedUs: Micros;
  /** How long a fetch took. */
  readonly fetchUs: Micros;
  /** Lifetimes of interest, beside those of the curve. */
  readonly ttlsMs: readonly Millis[];
  readonly seed: number;
}

/** What one lifetime would have given; `closedHits` as the closed form expects it, null where there is none. */
export interface RunPoint extends Replayed {
  readonly closedHits: number | null;
}

/** By lifetime, ascending. */
export interface RunCurve {
  readonly at: CacheSettings['at'];
  readonly points: readonly RunPoint[];
}

/** Lifetimes of a curve. */
const POINTS = 50;
const SHORTEST: Millis = 10;

/** The curve of the run that `lookups` are of. */
export function replayRun(lookups: Lookups, run: LoggedRun): RunCurve {
  const { settings, privateMethods, fetchUs, seed, arrivals, weights, measuredUs, plannedUs } = run;
  const { at, capacity, singleFlight, jitter } = settings;
  const caches = { at, capacity, singleFlight, jitter, privateMethods, fetchUs, seed };
  const closed = arrivals && expectedHits(lookups, caches, { arrivals, weights, measuredUs });
  const points = replay(lookups, ttlGrid(plannedUs, run.ttlsMs), caches).map((point) => ({
    ...point,
    closedHits: closed?.(point.ttlMs) ?? null,
  }));
  return { at, points };
}

/**
 * Lifetimes from 10 ms to the length of the run, by equal factors, and `further` ones. A longer one cannot be told from
 * the length of the run: no entry of it ends.
 */
export function ttlGrid(lengthUs: Micros, further: readonly Millis[]): readonly Millis[] {
  const longest = Math.max(SHORTEST, lengthUs / 1000);
  const factor = (longest / SHORTEST) ** (1 / (POINTS - 1));
  const grid = Array.from({ length: POINTS }, (_, place) =>
    Number((SHORTEST * factor ** place).toPrecision(3)),
  );
  return [...new Set([...grid, ...further])].sort((a, b) => a - b);
}
