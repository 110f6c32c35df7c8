/** @module Whether a value is within the bound of a threshold. */
import type { Threshold } from '../../profile/section/threshold.ts';
import type { Comparator } from '../../profile/section/threshold-text.ts';

const COMPARATORS: Readonly<Record<Comparator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '==': (value, bound) => value === bound,
};

/** `value` in the unit of the bound. */
export const holds = (
  { comparator, bound }: Pick<Threshold, 'comparator' | 'bound'>,
  value: number,
): boolean => COMPARATORS[comparator](value, bound);
