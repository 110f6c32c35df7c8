/** @module The difference between two variants in a share of counted calls. */
import type { VariantResult } from '../document.ts';
import { figuresIn, type QuantityMetric } from '../measure/metrics.ts';
import { compareShares, type Share } from '../statistics/shares.ts';
import { type Difference, MINIMUM_EFFECT } from './difference.ts';

/** `candidate` against `base`. Undefined when a repetition has no figures. */
export function differenceOfCounts(
  one: QuantityMetric,
  [base, candidate]: readonly [VariantResult, VariantResult],
): Difference | undefined {
  const [before, after] = [sharesOf(base, one), sharesOf(candidate, one)];
  if (before === undefined || after === undefined) return undefined;
  const { tail, error, degrees, ...sums } = compareShares(before, after);
  const [baseShare, share] = [shareOf(sums.base), shareOf(sums.candidate)];
  return {
    scale: 'log',
    mean: baseShare === share ? 0 : Math.log(share / baseShare),
    degrees,
    // Without an event on either side they are the same, and chance had no part in it.
    ...(baseShare === 0 && share === 0 ? { error: 0, tail: undefined } : { error, tail }),
    effect: Math.log1p(MINIMUM_EFFECT),
    ratio: baseShare === 0 ? null : share / baseShare,
  };
}

const shareOf = ({ events, of }: Share): number => (of === 0 ? 0 : events / of);

/** One per repetition that ran to the end. */
function sharesOf({ repetitions }: VariantResult, { quantity, metric }: QuantityMetric): Share[] | undefined {
  const whole = repetitions.filter(({ complete }) => complete);
  const shares = whole.flatMap((repetition) => {
    const figures = figuresIn(repetition, quantity);
    return figures === undefined ? [] : (metric.counted?.(figures) ?? []);
  });
  return shares.length < whole.length || shares.some(({ of }) => of === 0) ? undefined : shares;
}
