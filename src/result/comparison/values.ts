/** @module The difference between two variants in the values of whole repetitions. */
import { MINIMUM_EFFECT, type VariantResult } from '../document.ts';
import { figuresIn, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import { loopOf } from '../settings.ts';
import { meanOf } from '../statistics/mean.ts';
import { type Difference, plainMargin, testDifference } from './difference.ts';
import { differencesOf, driftOf, type TrialValue } from './trial-model.ts';

/** The values of a metric, one per repetition that ran to the end. */
interface Series {
  readonly values: readonly Omit<TrialValue, 'variant'>[];
}

/**
 * `candidate` against `base`. The other `sound` variants, which the generator did not limit, show how large drift and chance are, too,
 * unless one of the two is not sound; those of which calls failed only where calls of one of the two failed as well, since failures
 * add a chance of their own. Undefined when a repetition has no value.
 */
export function differenceOfValues(
  one: QuantityMetric,
  [base, candidate]: readonly [VariantResult, VariantResult],
  sound: readonly VariantResult[],
): Difference | undefined {
  const pair = [seriesOf(base, one), seriesOf(candidate, one)] as const;
  if (pair.some(({ values }) => values.some(({ value }) => Number.isNaN(value)))) return undefined;
  if (!pair.every(isPositive)) return plainDifference(pair);
  const someFail = [base, candidate].some(isFailing);
  const others = [base, candidate].every((side) => sound.includes(side))
    ? sound.filter((other) => other !== base && other !== candidate && (!isFailing(other) || someFail))
    : [];
  const all = [...pair, ...others.map((other) => seriesOf(other, one)).filter(isPositive)];
  const estimate = differencesOf(trialsOf(all, Math.log))?.(0, 1);
  return estimate && testDifference('ratio', estimate, Math.log1p(MINIMUM_EFFECT));
}

/**
 * The last trial against the first in a metric, apart from the differences between variants; `notable` is the smallest change that
 * matters, as a share. Undefined where the values have no logarithms, or are too few.
 */
export function driftOfValues(
  one: QuantityMetric,
  variants: readonly VariantResult[],
  notable: number,
): Difference | undefined {
  const series = variants.map((variant) => seriesOf(variant, one)).filter(isPositive);
  const estimate = series.length === 0 ? undefined : driftOf(trialsOf(series, Math.log));
  return estimate && testDifference('ratio', estimate, Math.log1p(notable));
}

/** The ratio of the geometric means or, where a value is 0, of the means; null when there is none. */
export function ratioOfMeans(
  one: QuantityMetric,
  [base, candidate]: readonly [VariantResult, VariantResult],
): number | null {
  const pair = [seriesOf(base, one), seriesOf(candidate, one)] as const;
  if (pair.some(({ values }) => values.length === 0 || values.some(({ value }) => Number.isNaN(value))))
    return null;
  const isLog = pair.every(isPositive);
  const [before, after] = pair.map(({ values }) =>
    meanOf(values.map(({ value }) => (isLog ? Math.log(value) : value))),
  ) as [number, number];
  if (isLog) return Math.exp(after - before);
  return before === 0 ? null : after / before;
}

/** Where a value is 0, which has no logarithm. */
function plainDifference(pair: readonly [Series, Series]): Difference | undefined {
  const estimate = differencesOf(trialsOf(pair, (value) => value))?.(0, 1);
  const [base, candidate] = pair.map(({ values }) => meanOf(values.map(({ value }) => value)));
  return estimate && testDifference('difference', estimate, plainMargin(base!, candidate!, MINIMUM_EFFECT));
}

function seriesOf(variant: VariantResult, one: QuantityMetric): Series {
  const whole = variant.repetitions.filter(({ complete }) => complete);
  const shares = offeredShares(variant, whole, one);
  const values = whole.map((repetition, at) => ({
    repetition: repetition.index,
    order: repetition.order,
    value: (valueIn(repetition, one) ?? Number.NaN) / shares[at]!,
  }));
  return { values };
}

/** How much more load than the mean of all each repetition was offered, where the load alone decides that; else 1. */
function offeredShares(
  variant: VariantResult,
  whole: VariantResult['repetitions'],
  { quantity, metric }: QuantityMetric,
): readonly number[] {
  const offered = whole.map((repetition) => {
    const figures = figuresIn(repetition, quantity);
    return figures === undefined ? undefined : metric.offered?.(figures);
  });
  if (loopOf(variant.settings) !== 'open' || !offered.every((one) => one !== undefined && one > 0))
    return whole.map(() => 1);
  const mean = meanOf(offered as number[]);
  return offered.map((one) => one! / mean);
}

const isFailing = ({ caveats }: VariantResult): boolean =>
  caveats.some(({ kind }) => kind === 'failed-calls');

const isPositive = ({ values }: Series): boolean =>
  values.length > 0 && values.every(({ value }) => value > 0);

const trialsOf = (series: readonly Series[], scale: (value: number) => number): readonly TrialValue[] =>
  series.flatMap(({ values }, variant) =>
    values.map((one) => ({ ...one, variant, value: scale(one.value) })),
  );
