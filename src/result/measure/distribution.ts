/** @module A distribution of times: how the result file has it, and how it is read from what was recorded. */
import { z } from 'zod';
import { decodeHistogram, percentileOf, type Series } from '../../recording/histogram.ts';

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
