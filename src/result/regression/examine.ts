/** @module One metric of one variant on both sides, as far as it can be known before all metrics are judged together. */
import { differenceOfCounts } from '../comparison/counts.ts';
import type { Whole } from '../comparison/doubts.ts';
import { MINIMUM_REPETITIONS } from '../document.ts';
import { figuresIn, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import type { Change } from './document.ts';
import { ERRORS } from './gate.ts';
import { type Tested, testPairs, type ValuePair } from './judge-pairs.ts';
import { loneValues, type PairValues, pairValues, valuePairs } from './pair-values.ts';
import type { SideVariant } from './sides.ts';
import type { VariantPair } from './variant-pairs.ts';

/** What is known of a metric before it is judged. */
export interface Examined {
  readonly one: QuantityMetric;
  readonly pair: VariantPair;
  readonly values: PairValues;
  /** Undefined when it cannot be tested. */
  readonly tested: Tested | undefined;
  /** Why no claim can be made, whatever the values are; null when one can. */
  readonly obstacle: Change['because'];
}

/** `margin`: as in a {@link Change}, of values that are not 0. `refused`: whether the sides are too unlike for any claim. */
export function examine(one: QuantityMetric, pair: VariantPair, margin: number, refused: boolean): Examined {
  const pairs = valuePairs(one, pair.base, pair.candidate);
  const values = {
    ...pairValues(one, pairs, margin),
    ...(pairs.length === 0 && loneValues(one, pair.base, pair.candidate)),
  };
  const tested = pairs.length < MINIMUM_REPETITIONS ? undefined : testedOf(one, pair, values);
  return { one, pair, values, tested, obstacle: obstacleOf(one, pair, pairs, refused) };
}

/** Whether a repetition of either side has a value of the metric, which variants are compared by. The headline always counts. */
export function isExamined(one: QuantityMetric, { base, candidate, headlines }: VariantPair): boolean {
  if (headlines.includes(one.path)) return true;
  if (one.metric.compared === undefined || !isComparable(one, base, candidate)) return false;
  return [base, candidate].some((side) =>
    side?.repetitions.some((repetition) => valueIn(repetition, one) !== undefined),
  );
}

/** Whether the metric says something of the two sides, as far as both have its quantity. */
function isComparable(
  { quantity, metric }: QuantityMetric,
  base: SideVariant | undefined,
  candidate: SideVariant | undefined,
): boolean {
  const [before, after] = [base, candidate].map((side) =>
    side?.repetitions.map((repetition) => figuresIn(repetition, quantity)).find((figures) => figures != null),
  );
  return before == null || after == null || (metric.comparable?.(before, after) ?? true);
}

/** Counted calls by their exact tests, values by pairs of repetitions. */
function testedOf(one: QuantityMetric, pair: VariantPair, { pairs, scale, margin }: PairValues): Tested {
  const sides = [pair.base!.repetitions, pair.candidate!.repetitions] as const;
  const counted = one.metric.counted === undefined ? undefined : differenceOfCounts(one, sides, margin);
  return counted === undefined
    ? testPairs(pairs, scale, margin)
    : { ...counted.difference, pairs: pairs.length };
}

function obstacleOf(
  metric: QuantityMetric,
  { base, candidate }: VariantPair,
  pairs: readonly ValuePair[],
  refused: boolean,
): Change['because'] {
  if (base === undefined || candidate === undefined) return 'one-side-only';
  const sides = [base.repetitions, candidate.repetitions];
  const both = Math.min(...sides.map(({ length }) => length));
  // The error rate says what happened all the same; any other metric is one of calls that failed.
  const isTold = metric.path === ERRORS && hasCollapsed(base, candidate);
  if (both > 0 && sides.some(noneWorked) && !isTold) return 'nothing-worked';
  // More repetitions of sides that cannot be compared would not help.
  if (both < MINIMUM_REPETITIONS) return refused ? 'unlike-sides' : 'too-few-repetitions';
  const sided = sides.filter((side) => side.some((one) => valueIn(one, metric) !== undefined));
  if (sided.length === 1) return 'one-side-only';
  if (pairs.length < both) return 'no-samples';
  return refused ? 'unlike-sides' : null;
}

const noneWorked = (side: Whole): boolean => side.every(({ calls }) => calls.ok === 0);

/** Whether calls worked in each repetition of the base, and not one in any of the candidate. */
const hasCollapsed = (base: SideVariant, candidate: SideVariant): boolean =>
  base.repetitions.every(({ calls }) => calls.ok > 0) && noneWorked(candidate.repetitions);
