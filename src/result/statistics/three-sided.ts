/**
 * @module The three-sided test on a margin: whether a difference is beyond the margin on one side, on the other, or within it. The three
 * claims exclude each other, so they need no correction among themselves (J. Goeman, A. Solari, T. Stijnen, "Three-sided hypothesis testing:
 * simultaneous testing of superiority, equivalence and inferiority", Statistics in Medicine 29(20), 2010). The claim `within` alone is
 * Schuirmann's two one-sided tests (1987).
 */
import { studentTail } from './student.ts';

/** An estimate with its uncertainty. */
export interface Estimate {
  readonly mean: number;
  /** Standard error; 0 when all values are the same. */
  readonly error: number;
  /** Degrees of freedom of the standard error. */
  readonly degrees: number;
}

/** What a difference is: more than the margin above zero, more than the margin below it, or nearer to zero than the margin. */
export type Claim = 'above' | 'below' | 'within';

/** The claim that the estimate speaks for most, and the probability of so strong an estimate if the claim is wrong. */
export interface TestedClaim {
  readonly claim: Claim;
  /** The claim holds at every level above this one. */
  readonly tail: number;
}

/** The claim with the smallest tail. `margin` is positive, in the unit of the estimate. */
export function strongestClaim(estimate: Estimate, margin: number): TestedClaim {
  const above = upperTail(estimate, margin);
  const below = 1 - upperTail(estimate, -margin);
  const within = Math.max(1 - above, 1 - below);
  const claims: readonly TestedClaim[] = [
    { claim: 'above', tail: above },
    { claim: 'below', tail: below },
    { claim: 'within', tail: within },
  ];
  return claims.reduce((best, one) => (one.tail < best.tail ? one : best));
}

/** The probability of an estimate so large or larger when the true difference is `truth`. */
function upperTail({ mean, error, degrees }: Estimate, truth: number): number {
  if (error === 0) return mean > truth ? 0 : mean < truth ? 1 : 0.5;
  const t = (mean - truth) / error;
  const half = studentTail(t, degrees) / 2;
  return t > 0 ? half : 1 - half;
}
