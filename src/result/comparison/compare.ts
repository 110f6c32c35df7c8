/** @module Variants against their bases: ratios with intervals over repetitions, and what all of them together allow to be said. */
import { type Caveat, type Comparison, MINIMUM_REPETITIONS, type VariantResult } from '../document.ts';
import { figuresIn, metricsOf, type QuantityMetric } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { baseOf } from '../questions.ts';
import { loopOf } from '../settings.ts';
import { FAMILY_LEVEL, holmLevels } from '../statistics/holm.ts';
import { differenceOfCounts } from './counts.ts';
import { type Difference, directionOf, judge } from './difference.ts';
import { doubtOf, isBound, type Whole } from './doubts.ts';
import { differenceOfValues, ratioOfMeans } from './values.ts';

/** The level of all claims together: with it, their intervals hold together at 95 %. */
const LEVEL = FAMILY_LEVEL / 2;

/** Base and candidate. */
export type Pair = readonly [base: VariantResult, candidate: VariantResult];

/**
 * Every variant against its base ({@link baseOf}), metric by metric. The repetition is the unit of
 * observation, never the call (calls of one run are not independent). Interrupted repetitions are left out. A variant whose base is
 * not among `variants` is not compared. The claims hold together: in 95 % of results at least, none of them is wrong
 * (docs/decisions/0004-comparison.md, docs/decisions/0026-verdicts.md).
 */
export function compareVariants(
  variants: readonly VariantResult[],
  quantities: Quantities = QUANTITIES,
): Comparison[] {
  const pairs = variants.flatMap((candidate, place): readonly Pair[] => {
    const base = baseOf(variants, place);
    return base === undefined ? [] : [[base, candidate]];
  });
  return comparePairs(pairs, quantities);
}

/** All of `pairs`, as {@link compareVariants} does it. */
export function comparePairs(pairs: readonly Pair[], quantities: Quantities = QUANTITIES): Comparison[] {
  const sound = [...new Set(pairs.flat())].filter((variant) => !isBound(wholeOf(variant)));
  const compared = metricsOf(quantities).filter(({ metric }) => metric.compared !== undefined);
  const examined = pairs.flatMap((pair) =>
    compared.filter((one) => applies(one, pair)).map((one) => examine(one, pair, sound)),
  );
  const tested = examined.filter(({ difference }) => difference !== undefined);
  const levels = holmLevels(
    tested.map(({ difference }) => difference!.tail),
    LEVEL,
  );
  return examined.map((each) => conclude(each, levels[tested.indexOf(each)] ?? LEVEL));
}

/** Whether a side has figures of the quantity, since one that applies to neither load is not compared; and whether the metric can be compared. */
function applies({ quantity, metric }: QuantityMetric, pair: Pair): boolean {
  if (metric.comparable !== undefined) {
    const [base, candidate] = pair.map(({ summary }) => summary && figuresIn(summary, quantity));
    return base != null && candidate != null && metric.comparable(base, candidate);
  }
  return pair.some(({ repetitions }) =>
    repetitions.some((repetition) => figuresIn(repetition, quantity) !== undefined),
  );
}

/** What is known of a pair in one metric. */
interface Examined {
  readonly one: QuantityMetric;
  readonly pair: Pair;
  /** Repetitions that ran to the end on both sides. */
  readonly repetitions: number;
  /** Undefined when it cannot be tested; then `because` says why. */
  readonly difference: Difference | undefined;
  /** Null where there is none. */
  readonly ratio: number | null;
  readonly because: Comparison['because'];
}

function examine(one: QuantityMetric, pair: Pair, sound: readonly VariantResult[]): Examined {
  const repetitions = Math.min(...pair.map((side) => wholeOf(side).length));
  const own = { one, pair, repetitions };
  if (repetitions < MINIMUM_REPETITIONS) {
    const ratio = ratioOfMeans(one, pair);
    return { ...own, difference: undefined, ratio, because: 'too-few-repetitions' };
  }
  const { difference, ratio } =
    one.metric.counted === undefined ? valuesOf(one, pair, sound) : countsOf(one, pair);
  return { ...own, difference, ratio, because: difference === undefined ? 'no-samples' : null };
}

type Found = Pick<Examined, 'difference' | 'ratio'>;

function valuesOf(one: QuantityMetric, pair: Pair, sound: readonly VariantResult[]): Found {
  const difference = differenceOfValues(one, pair, sound);
  if (difference === undefined) return { difference, ratio: null };
  const isRatio = difference.scale === 'ratio';
  return { difference, ratio: isRatio ? Math.exp(difference.estimate.mean) : ratioOfMeans(one, pair) };
}

function countsOf(one: QuantityMetric, [base, candidate]: Pair): Found {
  const counted = differenceOfCounts(one, [wholeOf(base), wholeOf(candidate)]);
  if (counted === undefined) return { difference: undefined, ratio: null };
  return {
    difference: counted.difference,
    ratio: counted.base === 0 ? null : counted.candidate / counted.base,
  };
}

function conclude(examined: Examined, level: number): Comparison {
  const { one, pair, repetitions, difference, ratio, because } = examined;
  const [base, candidate] = pair;
  const own = { metric: one.path, base: base.name, candidate: candidate.name, repetitions };
  const alike = isAlike(one, pair);
  if (difference === undefined) {
    return { ...own, ratio, ciLow: null, ciHigh: null, verdict: 'undecided', because, alike };
  }
  const { claim, ciLow, ciHigh } = judge(difference, level);
  const verdict = directionOf(claim, one.metric.better);
  const doubt = doubtOf(one.metric, [wholeOf(base), wholeOf(candidate)], verdict);
  return {
    ...own,
    ratio,
    ...(difference.scale === 'ratio' ? { ciLow, ciHigh } : { ciLow: null, ciHigh: null }),
    verdict: doubt === null ? verdict : 'undecided',
    because: doubt ?? (verdict === 'undecided' ? 'wide-interval' : null),
    alike,
  };
}

/** Whether it compares like with like: no caveat of either side concerns the metric. */
function isAlike(one: QuantityMetric, pair: Pair): boolean {
  return !pair.some((side) => side.caveats.some((caveat) => concerns(caveat, one, side)));
}

/**
 * Whether `caveat` concerns the metric. Failed calls concern times only, as other metrics count them. A late generator concerns times and,
 * where it decides how many calls are made, rates.
 */
function concerns({ kind }: Caveat, { metric }: QuantityMetric, side: VariantResult): boolean {
  if (kind === 'generator-bound' || metric.compared !== 'always') return true;
  return kind === 'generator-late' && metric.counted === undefined && loopOf(side.settings) !== 'open';
}

/** The repetitions that ran to the end. */
const wholeOf = ({ repetitions }: VariantResult): Whole => repetitions.filter(({ complete }) => complete);
