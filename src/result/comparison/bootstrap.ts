/** @module Bootstrap interval of a mean over few repetitions. Why it is built so: docs/decisions/0004-comparison.md. */
import type { Random } from '../../units/random.ts';

/** A mean and an interval that covers the true one in about 95 of 100 experiments. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;
const TAIL = 0.025;
/** Normal quantile at 1 - {@link TAIL}. */
const Z = 1.959964;
/** Quantiles of Student's t at 1 - {@link TAIL} for 1, 2, 3 ... degrees of freedom, until the expansion below is good to 0.2 %. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * The mean of `values` (at least two, one per repetition) with a percentile bootstrap interval (B. Efron, "Bootstrap methods: another look
 * at the jackknife", 1979), whose ends are moved away from the mean by {@link widening}.
 */
export function bootstrapMean(values: readonly number[], random: Random): Interval {
  const mean = meanOf(values);
  const means = Float64Array.from({ length: RESAMPLES }, () => resampledMean(values, random)).sort();
  const cut = Math.floor(TAIL * RESAMPLES);
  const factor = widening(values.length);
  return {
    mean,
    low: mean - factor * Math.max(0, mean - means[cut]!),
    high: mean + factor * Math.max(0, means[RESAMPLES - 1 - cut]! - mean),
  };
}

/**
 * What a percentile interval over `n` values lacks: it divides by n instead of n - 1, and it uses the spread as if it were known
 * (T. Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician 69(4), 2015, section 4.3).
 * 2.7 at n = 3, 1.6 at n = 5, 1.2 at n = 10, towards 1.
 */
export function widening(n: number): number {
  return (studentT(n - 1) / Z) * Math.sqrt(n / (n - 1));
}

/** Student's t at 97.5 %; beyond the table the expansion in Abramowitz and Stegun 26.7.5. */
function studentT(degrees: number): number {
  const expansion =
    Z + (Z ** 3 + Z) / (4 * degrees) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2);
  return T[degrees - 1] ?? expansion;
}

function resampledMean(values: readonly number[], random: Random): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[random.below(values.length)]!;
  return sum / values.length;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
