/** @module A time of a distribution as every format words it: `–` where there is none. */
import type { Distribution } from '../result/measure/distribution.ts';
import { millis, NOTHING } from './wording.ts';

/** A time of the series in milliseconds without the unit. A series without a call has none: 0 would read as infinitely fast. */
export const timeCell = (of: Distribution, key: Exclude<keyof Distribution, 'count'>): string =>
  of.count === 0 ? NOTHING : millis(of[key]);
