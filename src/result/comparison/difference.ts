/**
 * @module A difference between two sides in one metric, with its uncertainty, and what it allows to be said: the rule of reports and of
 * `paceline compare` (docs/decisions/0026-verdicts.md).
 */
import type { Metric } from '../measure/quantity.ts';
import { studentQuantile } from '../statistics/student.ts';
import { type Claim, type Estimate, strongestClaim, type TestedClaim } from '../statistics/three-sided.ts';

/** Whether the candidate is divided by the base, or the base subtracted from it. */
export type Scale = 'ratio' | 'difference';

/** Candidate against base, with the claim that it speaks for most. */
export interface Difference extends TestedClaim {
  readonly scale: Scale;
  /** On the scale of the test, where changes add up: of a ratio the logarithm. */
  readonly estimate: Estimate;
  /** The smallest difference that matters, on the scale of the test. */
  readonly margin: number;
}

/** The difference as people read it: of a ratio the ratio itself. */
export interface Judged {
  /** Undefined where the level allows none. */
  readonly claim: Claim | undefined;
  readonly change: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** What a claim says of the candidate. */
export type Direction = 'better' | 'worse' | 'same' | 'undecided';

/**
 * `chance`: the one-sided probability of such a difference if there is none, where another test than that of the estimate knows it. A
 * claim that the sides differ has to pass both.
 */
export function testDifference(scale: Scale, estimate: Estimate, margin: number, chance = 0): Difference {
  const { claim, tail } = strongestClaim(estimate, margin);
  return { scale, estimate, margin, claim, tail: claim === 'within' ? tail : Math.max(tail, chance) };
}

/**
 * The margin of values that are subtracted because one of them is 0: a share `minEffect` of the larger side, so that it does not matter
 * which side is the base. Any positive number will do where both are 0.
 */
export const plainMargin = (base: number, candidate: number, minEffect: number): number =>
  minEffect * Math.max(base, candidate) || 1;

/**
 * `level`: the probability of a wrong claim. The interval is two-sided at twice that. So a claim holds only if the whole interval lies
 * beyond the margin, or within it.
 */
export function judge({ scale, estimate, claim, tail }: Difference, level: number): Judged {
  const { mean, error, degrees } = estimate;
  const reach = error === 0 ? 0 : studentQuantile(2 * level, degrees) * error;
  const shown = (change: number): number => (scale === 'ratio' ? Math.exp(change) : change);
  return {
    claim: tail < level ? claim : undefined,
    change: shown(mean),
    ciLow: shown(mean - reach),
    ciHigh: shown(mean + reach),
  };
}

/** Of a metric that is better `neither` way only `same` can be said. */
export function directionOf(claim: Claim | undefined, better: Metric['better']): Direction {
  if (claim === 'within') return 'same';
  if (claim === undefined || better === 'neither') return 'undecided';
  return (claim === 'below') === (better === 'lower') ? 'better' : 'worse';
}
