/** @module The difference between two sides in a share of counted calls. */
import { figuresIn, type QuantityMetric } from '../measure/metrics.ts';
import { compareShares, type Share } from '../statistics/shares.ts';
import { type Difference, testDifference } from './difference.ts';
import type { Whole } from './doubts.ts';

/** The smallest difference of two shares that matters: half a percentage point. */
export const SHARE_MARGIN = 0.005;

/** Two shares of counted calls, over all repetitions. */
export interface CountedDifference {
  readonly difference: Difference;
  readonly base: number;
  readonly candidate: number;
}

/** The second side against the first; `margin`: the smallest difference that matters. Undefined when a repetition has no figures. */
export function differenceOfCounts(
  one: QuantityMetric,
  [base, candidate]: readonly [Whole, Whole],
  margin = SHARE_MARGIN,
): CountedDifference | undefined {
  const [before, after] = [sharesOf(base, one), sharesOf(candidate, one)];
  if (before === undefined || after === undefined) return undefined;
  const { estimate, tail, ...sums } = compareShares(before, after);
  return {
    difference: testDifference('difference', estimate, margin, tail / 2),
    base: sums.base.events / sums.base.of,
    candidate: sums.candidate.events / sums.candidate.of,
  };
}

/** One per repetition. */
function sharesOf(repetitions: Whole, { quantity, metric }: QuantityMetric): Share[] | undefined {
  const shares = repetitions.flatMap((repetition) => {
    const figures = figuresIn(repetition, quantity);
    return figures === undefined ? [] : (metric.counted?.(figures) ?? []);
  });
  return shares.length < repetitions.length || shares.some(({ of }) => of === 0) ? undefined : shares;
}
