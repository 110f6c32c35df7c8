/** @module The mean difference of pairs of trials, with its interval. */
import { FAMILY_LEVEL } from './holm.ts';
import { leastSquares } from './least-squares.ts';
import { type Interval, meanInterval, meanOf } from './mean.ts';
import { studentQuantile } from './student.ts';

/** Two trials with the same schedule: their values, and how many trials later than the first one the second was run. */
export interface TrialPair {
  readonly first: number;
  readonly second: number;
  /** Negative: earlier. */
  readonly later: number;
}

export interface PairedDifference {
  /** Second less first. */
  readonly mean: number;
  /** At 95 %; undefined with fewer pairs than {@link FEWEST_PAIRS}. */
  readonly interval: Interval | undefined;
}

/** With fewer pairs there is no interval: that of two pairs would be 13 standard errors wide. */
const FEWEST_PAIRS = 3;

/** From so many pairs on, drift is estimated from the order of the trials. With fewer pairs that would cost more than it gains. */
const PAIRS_FOR_DRIFT = 6;

/**
 * The difference that the second trials of pairs make. What a schedule adds to both sides cancels within a pair. What drifts
 * from trial to trial, linearly, is removed by least squares (`difference = mean + drift x later`); of few pairs, it
 * cancels as far as their orders are balanced, and the rest widens Student's interval. At least one pair.
 */
export function pairedDifference(pairs: readonly TrialPair[]): PairedDifference {
  const differences = pairs.map(({ first, second }) => second - first);
  if (pairs.length < FEWEST_PAIRS) return { mean: meanOf(differences), interval: undefined };
  const fit =
    pairs.length < PAIRS_FOR_DRIFT
      ? undefined
      : leastSquares(
          pairs.map(({ later }) => [1, later]),
          differences,
        );
  if (fit === undefined) return { mean: meanOf(differences), interval: meanInterval(differences) };
  const mean = fit.coefficients[0]!;
  const variance = fit.residuals.reduce((sum, residual) => sum + residual * residual, 0) / fit.degrees;
  const reach = studentQuantile(FAMILY_LEVEL, fit.degrees) * Math.sqrt(variance * fit.varianceOf([1, 0]));
  return { mean, interval: { low: mean - reach, high: mean + reach } };
}
