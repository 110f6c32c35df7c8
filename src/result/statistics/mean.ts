/** @module The mean of a few values, with its interval. */
import { FAMILY_LEVEL } from './holm.ts';
import { studentQuantile } from './student.ts';

/** A mean and an interval that covers the true one in about 95 of 100 experiments. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Student's interval of the mean of `values`, one per repetition; undefined of fewer than two. */
export function meanInterval(values: readonly number[]): Interval | undefined {
  const degrees = values.length - 1;
  if (degrees < 1) return undefined;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = studentQuantile(FAMILY_LEVEL, degrees) * Math.sqrt(squares / degrees / values.length);
  return { low: mean - reach, high: mean + reach };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
