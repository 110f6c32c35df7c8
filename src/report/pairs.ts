/** @module Which variants are set against each other, and whether their times are those of like calls. */

import { compareVariants } from '../result/comparison/compare.ts';
import type { Comparison, ResultDocument } from '../result/document.ts';
import { type Measured, measuredOf } from './measured.ts';
import { list, percentWithUnit } from './wording.ts';

/** From this share of failed calls on, times are not only those of answers. */
const NOTABLE_FAILURES = 0.01;

/** A comparison with both sides at hand. */
export interface Pair {
  readonly comparison: Comparison;
  readonly base: Measured;
  readonly candidate: Measured;
  /** Neither side has a {@link blemish}. */
  readonly fair: boolean;
}

/** A pair with a ratio and an interval. */
export interface IntervalPair extends Pair {
  readonly comparison: Comparison & {
    readonly ratio: number;
    readonly ciLow: number;
    readonly ciHigh: number;
  };
}

/** Why the times of a variant are not those of answers of the server; empty when they are. */
export function blemish({ variant, summary }: Measured): string {
  const bound = variant.repetitions.some((one) => one.generator.bound) ? ['the generator was its limit'] : [];
  const { errorRate } = summary.calls;
  const failed = errorRate < NOTABLE_FAILURES ? [] : [`${percentWithUnit(errorRate)} of its calls failed`];
  return list([...bound, ...failed]);
}

/**
 * The document's comparisons; and, when its base has a blemish, those of the sound variants with the first of them, from the
 * same repetitions by the same method: otherwise one broken variant at the head would leave nothing to be said of the others.
 */
export function comparisonsOf(document: ResultDocument): readonly Comparison[] {
  const sound = measuredOf(document).filter((one) => blemish(one) === '');
  const given = document.comparisons;
  const isGiven = (one: Comparison): boolean =>
    given.some(
      (other) => other.metric === one.metric && other.base === one.base && other.candidate === one.candidate,
    );
  const own = compareVariants(
    sound.map((one) => one.variant),
    document.seed,
  );
  const isSoundBase = sound.some((one) => given.some((other) => other.base === one.variant.name));
  return isSoundBase || given.length === 0 ? given : [...given, ...own.filter((one) => !isGiven(one))];
}

/** The comparisons of `metric` between variants that were measured, fair ones first. */
export function pairsOf(document: ResultDocument, metric: string): readonly Pair[] {
  const measured = measuredOf(document);
  const side = (name: string): Measured | undefined => measured.find((each) => each.variant.name === name);
  const pairs = comparisonsOf(document).flatMap((comparison): readonly Pair[] => {
    const [base, candidate] = [side(comparison.base), side(comparison.candidate)];
    if (comparison.metric !== metric || !base || !candidate) return [];
    return [{ comparison, base, candidate, fair: blemish(base) === '' && blemish(candidate) === '' }];
  });
  return [...pairs.filter((pair) => pair.fair), ...pairs.filter((pair) => !pair.fair)];
}

export const hasInterval = (pair: Pair): pair is IntervalPair =>
  pair.comparison.ratio !== null &&
  pair.comparison.ciLow !== null &&
  pair.comparison.ciHigh !== null &&
  pair.comparison.ciLow > 0;
