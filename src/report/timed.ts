/** @module Response times as every format words them: whose times are in, and `–` where there is none. */
import type { Distribution } from '../result/document.ts';
import { millis, NOTHING } from './wording.ts';

/** Which calls have a time; as the recorder counts them (`timed` in src/recording/recorder.ts). */
export const WHO_IS_TIMED =
  'answers of any outcome and time-outs; refused and broken connections have no time';

/** A time of the series in milliseconds without the unit. A series without a call has none: 0 would read as infinitely fast. */
export const timeCell = (of: Distribution, key: Exclude<keyof Distribution, 'count'>): string =>
  of.count === 0 ? NOTHING : millis(of[key]);
