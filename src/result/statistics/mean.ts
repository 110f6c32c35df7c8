/** @module The mean of a few values, with its interval. */
import { FAMILY_LEVEL } from './holm.ts';
import { studentQuantile } from './student.ts';

/** A mean and an interval that covers the true one in about 95 of 100 experiments. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Student's interval of the mean of `values`, one per repetition, that misses the true one with the probability `tail`; undefined of fewer than two. */
export function meanInterval(values: readonly number[], tail: number = FAMILY_LEVEL): Interval | undefined {
  if (values.length < 2) return undefined;
  const mean = meanOf(values);
  const reach = reachOf(deviationOf(values), values.length, tail);
  return { low: mean - reach, high: mean + reach };
}

/** How far the interval of a mean of `count` values with this standard deviation reaches to either side. */
export const reachOf = (deviation: number, count: number, tail: number): number =>
  (studentQuantile(tail, count - 1) * deviation) / Math.sqrt(count);

/** The standard deviation of at least two values, as an estimate of that of all. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
