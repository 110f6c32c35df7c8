/** @module The values of a metric on both sides, repetition by repetition: how they are compared, and what they are on average. */
import { plainMargin, type Scale } from '../comparison/difference.ts';
import { type QuantityMetric, valueIn } from '../measure/metrics.ts';
import { meanOf } from '../statistics/mean.ts';
import type { Change } from './document.ts';
import type { ValuePair } from './judge-pairs.ts';
import type { SideVariant } from './sides.ts';

/** Values that are compared, as in a {@link Change}. */
export type PairValues = Pick<Change, 'scale' | 'margin' | 'base' | 'candidate' | 'change'> & {
  readonly pairs: Change['pairs'];
};

/** The first repetition of one side with the first of the other, and so on; pairs in which a side has no value are left out. */
export function valuePairs(
  one: QuantityMetric,
  base: SideVariant | undefined,
  candidate: SideVariant | undefined,
): ValuePair[] {
  const after = candidate?.repetitions ?? [];
  return (base?.repetitions ?? []).slice(0, after.length).flatMap((repetition, at) => {
    const values = [valueIn(repetition, one), valueIn(after[at]!, one)] as const;
    return values[0] === undefined || values[1] === undefined
      ? []
      : [{ base: values[0], candidate: values[1] }];
  });
}

/** The mean of each side by itself, of sides without a pair; null of a side without a value. */
export function loneValues(
  one: QuantityMetric,
  base: SideVariant | undefined,
  candidate: SideVariant | undefined,
): Pick<Change, 'base' | 'candidate'> {
  const [before, after] = [base, candidate].map((side) => {
    const values = (side?.repetitions ?? []).flatMap((repetition) => valueIn(repetition, one) ?? []);
    return values.length === 0 ? null : meanOf(values);
  }) as [number | null, number | null];
  return { base: before, candidate: after };
}

/** Whether values of the unit are subtracted, whatever they are. */
export const isShare = (unit: Change['unit']): boolean => unit === 'share' || unit === 'fraction';

/** Shares are subtracted, and so are values of which one is 0; others are divided. `own`: the margin, of a share a difference, otherwise a share of the base. */
export function pairValues({ metric }: QuantityMetric, pairs: readonly ValuePair[], own: number): PairValues {
  const hasRatio = !isShare(metric.unit) && pairs.every(({ base, candidate }) => base > 0 && candidate > 0);
  const scale: Scale = hasRatio ? 'ratio' : 'difference';
  const [base, candidate] = [middleOf(pairs, 'base', scale), middleOf(pairs, 'candidate', scale)];
  const none = base === null || candidate === null;
  return {
    pairs: [...pairs],
    scale,
    margin: isShare(metric.unit) || hasRatio || none ? own : plainMargin(base, candidate, own),
    base,
    candidate,
    change: none ? null : hasRatio ? candidate / base : candidate - base,
  };
}

/** The geometric mean of values that are divided, the mean of others; null of none. */
function middleOf(pairs: readonly ValuePair[], which: keyof ValuePair, scale: Scale): number | null {
  if (pairs.length === 0) return null;
  const sum = pairs.reduce(
    (total, pair) => total + (scale === 'ratio' ? Math.log(pair[which]) : pair[which]),
    0,
  );
  return scale === 'ratio' ? Math.exp(sum / pairs.length) : sum / pairs.length;
}
