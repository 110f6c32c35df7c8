/** @module The noise from repetition to repetition, in the headline metric of each variant, and what a comparison can see in spite of it. */
import { MINIMUM_REPETITIONS, type VariantResult } from '../document.ts';
import { metricsOf, valueIn } from '../measure/metrics.ts';
import { MINIMUM_CHANGE } from '../regression/compare-results.ts';
import { headlineOf } from '../regression/variant-pairs.ts';
import { FAMILY_LEVEL } from '../statistics/holm.ts';
import { meanOf } from '../statistics/mean.ts';
import { smallestFound } from '../statistics/power.ts';
import type { VariantNoise } from './document.ts';
import { outlierTrials } from './outlier-trials.ts';

/** Of each variant with enough repetitions that ran to the end, all of which have a value. */
export function noiseOf(variants: readonly VariantResult[]): readonly VariantNoise[] {
  return variants.flatMap((variant): readonly VariantNoise[] => {
    const metric = headlineOf(variant.settings);
    const one = metricsOf().find(({ path }) => path === metric)!;
    const whole = variant.repetitions.filter(({ complete }) => complete);
    const values = whole.map((repetition) => valueIn(repetition, one) ?? 0);
    if (values.length < MINIMUM_REPETITIONS || values.some((value) => value <= 0)) return [];
    const variation = variationOf(values);
    const detectable = smallestChange(variation, values.length, variants.length);
    const outliers = outlierTrials(values).map(({ at, ...found }) => ({
      repetition: whole[at]!.index,
      ...found,
    }));
    return [{ variant: variant.name, metric, repetitions: values.length, variation, detectable, outliers }];
  });
}

/**
 * The smallest true change, as a share, that a comparison of two results finds with a probability of 80 %, when repetitions differ by
 * `variation` (their coefficient of variation) and each side has `repetitions` of them. Of several `variants` it is what the first step of Holm's
 * correction leaves to each. The noise of two sides adds up; what pairs of repetitions have in common, such as drift, is in the figure though a
 * comparison is rid of it.
 */
export function smallestChange(variation: number, repetitions: number, variants: number): number {
  // The values are compared by their logarithms: of a log-normal distribution this is their variance.
  const variance = 2 * Math.log1p(variation ** 2);
  const estimate = { mean: 0, error: Math.sqrt(variance / repetitions), degrees: repetitions - 1 };
  return Math.expm1(smallestFound(estimate, Math.log1p(MINIMUM_CHANGE), FAMILY_LEVEL / variants));
}

function variationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1)) / mean;
}
