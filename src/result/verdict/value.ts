/** @module A value that a threshold bounds, or why there is none, read from a distribution of times. */
import type { Statistic } from '../../profile/section/bounded-metric.ts';
import { decodeHistogram, percentileOf } from '../../recording/histogram.ts';
import { type Distribution, isSupported, statisticAt } from '../measure/distribution.ts';

/** Why there is no value, as a clause. */
export interface Missing {
  readonly missing: string;
  /** Whether the server should have given one: calls were due, and none had it. */
  readonly fromServer?: boolean;
}

/** A value in the unit of the bound, or why there is none. */
export type Value = { readonly value: number } | Missing;

/** A distribution with what a threshold needs of it. */
export interface Times {
  readonly of: Distribution | undefined | null;
  /** Encoded; absent where only the figures of {@link of} are kept. */
  readonly histogram: string | undefined;
  readonly none: Missing;
  /** What has such a time; absent: calls. */
  readonly what?: string | undefined;
}

/** A statistic of times, in microseconds. */
export function statisticIn({ of, histogram, none, what = 'calls' }: Times, statistic: Statistic): Value {
  if (!of || of.count === 0) return none;
  if (statistic === 'mean') return { value: of.meanUs };
  if (statistic === 'max' || statistic.percentile === 100) return { value: of.maxUs };
  const { percentile } = statistic;
  if (!isSupported(percentile, of.count)) return tooFew(percentile, of.count, what);
  if (histogram !== undefined)
    return { value: Math.min(percentileOf(decodeHistogram(histogram), percentile), of.maxUs) };
  const kept = statisticAt(of, percentile);
  return kept === undefined ? { missing: 'the result has no histogram of it' } : { value: kept };
}

/** Why `count` of something have no such percentile. */
export function tooFew(percentile: number, count: number, what = 'calls'): Missing {
  const needed = Math.ceil(100 / (100 - percentile) - 1e-6);
  const are = count === 1 ? `1 of the ${what} is` : `${count} ${what} are`;
  return { missing: `${are} too few for this percentile, it needs ${needed}` };
}
