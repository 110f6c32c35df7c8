/** @module What a number of pairs can show: the smallest change that they find, and how many more are needed. */
import { studentQuantile } from './student.ts';
import type { Estimate } from './three-sided.ts';

/** The probability with which a change is to be found. */
const POWER = 0.8;

/** Beyond so many pairs, no number is given: it would be a matter of days. */
const MOST_PAIRS = 1000;

/**
 * The smallest true difference that the three-sided test at `level` finds beyond `margin` with a probability of {@link POWER}, given the
 * error of an estimate: `margin + (t(1 - level) + t(power)) x error`. The noncentral distribution is taken for a shifted one, which is near enough from
 * five degrees of freedom on.
 */
export function smallestFound({ error, degrees }: Estimate, margin: number, level: number): number {
  return margin + reach(degrees, level) * error;
}

/**
 * How many pairs more than the `pairs` behind `estimate` the test is expected to need for a claim, if mean and noise stay as they are. Null
 * when no number below {@link MOST_PAIRS} is enough, as for a mean close to the margin.
 */
export function pairsNeeded(
  { mean, error }: Estimate,
  pairs: number,
  margin: number,
  level: number,
): number | null {
  const distance = Math.abs(Math.abs(mean) - margin);
  const deviation = error * Math.sqrt(pairs);
  const isEnough = (count: number): boolean =>
    reach(count - 1, level) * (deviation / Math.sqrt(count)) <= distance;
  if (pairs >= MOST_PAIRS || !isEnough(MOST_PAIRS)) return null;
  // What so many pairs find becomes ever smaller: the first number that is enough is found by halving.
  let [tooFew, enough] = [pairs, MOST_PAIRS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough - pairs;
}

/** How many standard errors lie between the margin and a difference that is found. */
const reach = (degrees: number, level: number): number =>
  studentQuantile(2 * level, degrees) + studentQuantile(2 * (1 - POWER), degrees);
