/** @module A distribution of times: how the result file has it, and how it is read from what was recorded. */
import { z } from 'zod';
import { decodeHistogram, percentileOf, type Series } from '../../recording/histogram.ts';
import type { Micros } from '../../units/time.ts';

const us = z.int().min(0);

/** A distribution of times in microseconds, read from a merged histogram. All zero when `count` is 0. */
export const Distribution = z.object({
  count: z.int().min(0),
  meanUs: us,
  p50Us: us,
  p90Us: us,
  p95Us: us,
  p99Us: us,
  p999Us: us,
  maxUs: us,
});
export type Distribution = z.infer<typeof Distribution>;

/** The distribution of a series of times. */
export function distribution(series: Series): Distribution {
  const histogram = decodeHistogram(series.histogram);
  // A bucket's upper end may lie above the largest time in it, which is known exactly.
  const at = (percentile: number): number => Math.min(percentileOf(histogram, percentile), series.maxUs);
  return {
    count: series.count,
    meanUs: series.count === 0 ? 0 : Math.round(series.totalUs / series.count),
    p50Us: at(50),
    p90Us: at(90),
    p95Us: at(95),
    p99Us: at(99),
    p999Us: at(99.9),
    maxUs: series.maxUs,
  };
}

/** The statistics of a distribution. */
export type Statistic = Exclude<keyof Distribution, 'count'>;

/** The statistics that are percentiles. */
const PERCENTILES: Readonly<Partial<Record<Statistic, number>>> = {
  p50Us: 50,
  p90Us: 90,
  p95Us: 95,
  p99Us: 99,
  p999Us: 99.9,
};

/**
 * Whether `calls` times have a percentile of their own: at least one of them must lie beyond it. The p99 of 20 calls is only
 * another name for the longest one.
 */
export function isSupported(percentile: number, calls: number): boolean {
  // Without the allowance 1000 calls would not support 99.9, which is no binary fraction.
  return calls * (100 - percentile) >= 100 - 1e-6;
}

/** A statistic in microseconds; null when no call had a time (0 would read as infinitely fast), or too few for this percentile. */
export function statisticOf(of: Distribution, key: Statistic): Micros | null {
  return isSupported(PERCENTILES[key] ?? 0, of.count) ? of[key] : null;
}

/** A percentile that the figures have, in microseconds; undefined for others. */
export function statisticAt(of: Distribution, percentile: number): Micros | undefined {
  const key = (Object.keys(PERCENTILES) as Statistic[]).find((each) => PERCENTILES[each] === percentile);
  return key === undefined ? undefined : of[key];
}
