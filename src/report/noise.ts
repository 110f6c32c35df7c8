/** @module The noise of a result in words: how much repetitions differ, what a comparison can see, and which repetitions are outliers. */

import { metricsOf } from '../result/measure/metrics.ts';
import type { VariantNoise } from '../result/noise/document.ts';
import { type Finding, quoted } from './findings/finding.ts';
import { type Model, metricLabel } from './model.ts';
import { valueText } from './regression/change-cells.ts';
import { percentWithUnit, plural } from './wording.ts';

/** `2.1 % in the p50 response time; 5 repetitions find a change of 7 % in 80 % of comparisons`. */
export function noiseText(
  { variation, repetitions, detectable }: Pick<VariantNoise, 'variation' | 'repetitions' | 'detectable'>,
  label: string,
): string {
  return `${variationText({ variation }, label)}; ${plural(repetitions, 'repetition')} find a change of ${percentWithUnit(detectable)} in 80 % of comparisons`;
}

/** `2.1 % in the p50 response time`. */
export const variationText = ({ variation }: Pick<VariantNoise, 'variation'>, label: string): string =>
  `${percentWithUnit(variation)} in the ${label}`;

/** One sentence about the noisiest variant; undefined where there are too few repetitions to tell. */
export function noiseLine(model: Model): string | undefined {
  const all = model.document.noise ?? [];
  if (all.length === 0) return undefined;
  const worst = all.reduce((most, one) => (one.detectable > most.detectable ? one : most));
  const where = all.length === 1 ? '' : `, in ${quoted(nameOf(model, worst))} as the noisiest variant`;
  return `Noise from repetition to repetition${where}: ${noiseText(worst, metricLabel(model, worst.metric))}.`;
}

/** A warning for each repetition that is an outlier. */
export function outlierFindings(model: Model): readonly Finding[] {
  return (model.document.noise ?? []).flatMap((noise) => {
    const { metric } = metricsOf(model.quantities).find(({ path }) => path === noise.metric)!;
    return noise.outliers.map(({ repetition, value, othersMedian }): Finding => {
      const [own, others] = [value, othersMedian].map((one) => valueText(metric, one));
      return {
        tone: 'warning',
        text: `${quoted(nameOf(model, noise))} repetition ${repetition + 1} is an outlier: its ${metric.label} is ${own}, the median of the others ${others}. It counts in all figures.`,
      };
    });
  });
}

const nameOf = ({ variants }: Model, { variant }: VariantNoise): string =>
  variants.find((one) => one.variant.name === variant)?.name ?? variant;
