/** @module Why a claim about two sides is not made, whatever their values say: what the generator did, and which calls failed. */
import type { Metric } from '../measure/quantity.ts';
import type { MeasuredRepetition } from '../measured-result.ts';
import { meanOf } from '../statistics/mean.ts';
import type { Direction } from './difference.ts';

/** A difference in shares of calls that did not work, from which response times are those of different calls. */
const COMPARABLE_SHARES = 0.01;

/** The repetitions of a side that ran to the end. */
export type Whole = readonly MeasuredRepetition[];

/** Whether the generator was the bottleneck in a repetition: its figures are then those of the generator. */
export const isBound = (repetitions: Whole): boolean => repetitions.some(({ generator }) => generator.bound);

/**
 * Null when the claim can be made. A time is never said to be better on the side where more calls failed or were refused, since these may
 * have been answered fast. A refusal that is right is no failure, but its time is not that of a call that did its work.
 */
export function doubtOf(
  { compared }: Pick<Metric, 'compared'>,
  [base, candidate]: readonly [Whole, Whole],
  direction: Direction,
): 'generator-bound' | 'unlike-failures' | null {
  if (isBound(base) || isBound(candidate)) return 'generator-bound';
  if (compared !== 'with-like-failures' || (direction !== 'better' && direction !== 'worse')) return null;
  const [better, worse] = direction === 'better' ? [candidate, base] : [base, candidate];
  return withoutWork(better) - withoutWork(worse) > COMPARABLE_SHARES ? 'unlike-failures' : null;
}

/** The share of the calls that did not end ok, without those that Paceline ended, as the mean of the repetitions. */
function withoutWork(repetitions: Whole): number {
  const shares = repetitions.map(({ calls: { due, ok, outcomes } }) => {
    const ended = due - (outcomes.aborted ?? 0);
    return ended <= 0 ? 0 : (ended - ok) / ended;
  });
  return meanOf(shares);
}
