/** @module Pairs of repetitions to an estimate of the change between them, and what so many pairs can show. */
import { type Difference, type Judged, judge, type Scale, testDifference } from '../comparison/difference.ts';
import { meanOf } from '../statistics/mean.ts';
import { pairsNeeded, smallestFound } from '../statistics/power.ts';
import type { Estimate } from '../statistics/three-sided.ts';
import type { Change } from './document.ts';

export type ValuePair = Change['pairs'][number];

/** A difference over so many pairs of repetitions. */
export interface Tested extends Difference {
  readonly pairs: number;
}

/** What the pairs say at a level, and what they can show at all. */
export type JudgedPairs = Judged & Pick<Change, 'noise' | 'detectable' | 'pairsNeeded'>;

/** At least two pairs; on the scale `ratio` no value is 0. `margin`: as in a {@link Change}. */
export function testPairs(pairs: readonly ValuePair[], scale: Scale, margin: number): Tested {
  const changes = pairs.map(({ base, candidate }) =>
    scale === 'ratio' ? Math.log(candidate / base) : candidate - base,
  );
  const own = scale === 'ratio' ? Math.log1p(margin) : margin;
  return { ...testDifference(scale, estimateOf(changes), own), pairs: pairs.length };
}

/** `level`: the probability of a wrong claim. */
export function judgeTested(tested: Tested, level: number): JudgedPairs {
  const { scale, estimate, margin, pairs } = tested;
  const judged = judge(tested, level);
  const size = (change: number): number => (scale === 'ratio' ? Math.expm1(change) : change);
  return {
    ...judged,
    noise: size(estimate.error * Math.sqrt(pairs)),
    detectable: size(smallestFound(estimate, margin, level)),
    pairsNeeded: judged.claim === undefined ? pairsNeeded(estimate, pairs, margin, level) : 0,
  };
}

function estimateOf(values: readonly number[]): Estimate {
  const mean = meanOf(values);
  const degrees = values.length - 1;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / degrees / values.length), degrees };
}
