/** @module Whether the machine or the target changed from trial to trial: what the order of trials explains of their values. */
import type { Drift, VariantResult } from '../document.ts';
import { metricsOf } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { FAMILY_LEVEL, holmLevels } from '../statistics/holm.ts';
import { judge } from './difference.ts';
import { driftOfValues } from './values.ts';

/** A change from the first to the last trial by less than this share is not worth a word. */
const NOTABLE = 0.05;

/**
 * The change of each metric that variants are compared by from the first trial to the last, apart from the differences between
 * variants. Shares of counted calls are left out: too few events are in one trial. Empty when there are too few trials.
 */
export function driftsOf(
  variants: readonly VariantResult[],
  quantities: Quantities = QUANTITIES,
): readonly Drift[] {
  const sound = variants.filter(({ repetitions }) => repetitions.every(({ generator }) => !generator.bound));
  const found = metricsOf(quantities)
    .filter(({ metric }) => metric.compared !== undefined && metric.counted === undefined)
    .flatMap((one) => {
      const difference = driftOfValues(one, sound, NOTABLE);
      return difference === undefined ? [] : [{ one, difference }];
    });
  const levels = holmLevels(
    found.map(({ difference }) => difference.tail),
    FAMILY_LEVEL / 2,
  );
  return found.map(({ one, difference }, index) => {
    const { claim, change, ciLow, ciHigh } = judge(difference, levels[index]!);
    return {
      metric: one.path,
      ratio: change,
      ciLow,
      ciHigh,
      notable: claim === 'above' || claim === 'below',
    };
  });
}
