/** @module Pairs of repetitions to an estimate of the change between them, and what it allows to be claimed. */
import { meanOf } from '../statistics/mean.ts';
import { pairsNeeded, smallestFound } from '../statistics/power.ts';
import { studentQuantile } from '../statistics/student.ts';
import { type Claim, type Estimate, strongestClaim, type TestedClaim } from '../statistics/three-sided.ts';
import type { Change } from './document.ts';

export type Scale = Change['scale'];
export type ValuePair = Change['pairs'][number];

/** The change over pairs on the scale of the test, where changes add up: logarithms of ratios, or differences. */
export interface Tested extends TestedClaim {
  readonly scale: Scale;
  readonly pairs: readonly ValuePair[];
  readonly estimate: Estimate;
  /** The margin on the scale of the test. */
  readonly margin: number;
}

/** What the pairs say at a level. */
export type Judged = Pick<Change, 'change' | 'ciLow' | 'ciHigh' | 'noise' | 'detectable' | 'pairsNeeded'> & {
  readonly claim: Claim | undefined;
};

/** At least two pairs; on the scale `ratio` no value is 0. `margin`: as in a {@link Change}. */
export function testPairs(pairs: readonly ValuePair[], scale: Scale, margin: number): Tested {
  const changes = pairs.map(({ base, candidate }) =>
    scale === 'ratio' ? Math.log(candidate / base) : candidate - base,
  );
  const estimate = estimateOf(changes);
  const own = scale === 'ratio' ? Math.log1p(margin) : margin;
  return { scale, pairs, estimate, margin: own, ...strongestClaim(estimate, own) };
}

/** `level`: the probability of a wrong claim. */
export function judgeTested({ scale, pairs, estimate, margin, claim, tail }: Tested, level: number): Judged {
  const { mean, error, degrees } = estimate;
  const reach = error === 0 ? 0 : studentQuantile(2 * level, degrees) * error;
  const shown = (change: number): number => (scale === 'ratio' ? Math.exp(change) : change);
  const size = (change: number): number => (scale === 'ratio' ? Math.expm1(change) : change);
  const isClaimed = tail < level;
  return {
    claim: isClaimed ? claim : undefined,
    change: shown(mean),
    ciLow: shown(mean - reach),
    ciHigh: shown(mean + reach),
    noise: size(error * Math.sqrt(pairs.length)),
    detectable: size(smallestFound(estimate, margin, level)),
    pairsNeeded: isClaimed ? 0 : pairsNeeded(estimate, pairs.length, margin, level),
  };
}

function estimateOf(values: readonly number[]): Estimate {
  const mean = meanOf(values);
  const degrees = values.length - 1;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / degrees / values.length), degrees };
}
