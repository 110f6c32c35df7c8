/** @module Why a claim about two sides is not made, whatever their values say: what the generator did, and which calls failed. */
import { failureRateOf } from '../measure/failure-rate.ts';
import type { Metric } from '../measure/quantity.ts';
import type { MeasuredRepetition } from '../measured-result.ts';
import { meanOf } from '../statistics/mean.ts';
import type { Direction } from './difference.ts';

/** A difference in error rates from which response times are those of different calls. */
const COMPARABLE_ERRORS = 0.01;

/** The repetitions of a side that ran to the end. */
export type Whole = readonly MeasuredRepetition[];

/** Whether the generator was the bottleneck in a repetition: its figures are then those of the generator. */
export const isBound = (repetitions: Whole): boolean => repetitions.some(({ generator }) => generator.bound);

/**
 * Null when the claim can be made. A time is never said to be better on the side that failed more calls, since these may have been
 * answered fast.
 */
export function doubtOf(
  { compared }: Pick<Metric, 'compared'>,
  [base, candidate]: readonly [Whole, Whole],
  direction: Direction,
): 'generator-bound' | 'unlike-failures' | null {
  if (isBound(base) || isBound(candidate)) return 'generator-bound';
  if (compared !== 'with-like-failures' || (direction !== 'better' && direction !== 'worse')) return null;
  const [better, worse] = direction === 'better' ? [candidate, base] : [base, candidate];
  return failuresOf(better) - failuresOf(worse) > COMPARABLE_ERRORS ? 'unlike-failures' : null;
}

const failuresOf = (repetitions: Whole): number => meanOf(repetitions.map((one) => failureRateOf(one)));
