/** @module A difference between two variants in one metric, with its uncertainty, and what it allows to be said. */
import type { Comparison } from '../document.ts';
import type { Metric } from '../measure/quantity.ts';
import { studentQuantile } from '../statistics/student.ts';

/** Differences below this share are not worth a word, however certain: `same`. */
export const MINIMUM_EFFECT = 0.02;

/** Candidate less base. */
export interface Difference {
  /** On which scale: the logarithm of a ratio, or the unit of the metric where a value of 0 has no logarithm. */
  readonly scale: 'log' | 'plain';
  /** Infinite on the scale `log` when one side is 0. */
  readonly mean: number;
  /** Standard error; undefined when the scale has none, as for a side of 0. */
  readonly error: number | undefined;
  /** Degrees of freedom of the standard error. */
  readonly degrees: number;
  /** The probability of such a difference, or a larger one, if there is none; undefined when nothing was seen that could be tested. */
  readonly tail: number | undefined;
  /** The smallest difference that matters. */
  readonly effect: number;
  /** Candidate over base; null over a base of 0. */
  readonly ratio: number | null;
}

/** The ends of the interval of a difference whose claim is tested at `level`; undefined without a standard error. */
function endsOf({ mean, error, degrees }: Difference, level: number): readonly [number, number] | undefined {
  if (error === undefined) return undefined;
  const reach = error === 0 ? 0 : studentQuantile(level, degrees) * error;
  return [mean - reach, mean + reach];
}

/** The interval of a ratio; null where there is no ratio, or it has no interval. */
export function intervalOf(difference: Difference, level: number): Pick<Comparison, 'ciLow' | 'ciHigh'> {
  const ends = difference.scale === 'log' ? endsOf(difference, level) : undefined;
  return ends === undefined
    ? { ciLow: null, ciHigh: null }
    : { ciLow: Math.exp(ends[0]), ciHigh: Math.exp(ends[1]) };
}

/** What a difference says at `level`, of values that have not been rounded. */
export function directionOf(
  difference: Difference,
  level: number,
  better: Metric['better'],
): Comparison['verdict'] {
  const { mean, tail, effect } = difference;
  const [low, high] = endsOf(difference, level) ?? [undefined, undefined];
  if (low !== undefined && low > -effect && high < effect) return 'same';
  const isSure = tail !== undefined && tail < level && (low === undefined || low > 0 || high < 0);
  if (!isSure || Math.abs(mean) < effect) return 'undecided';
  return mean < 0 === (better === 'lower') ? 'better' : 'worse';
}
