/** @module The response times of windows of a repetition, for the thresholds that ask for them. */
import { emptyHistogram, encodeHistogram } from '../../recording/histogram.ts';
import type { Recording } from '../../recording/recording.ts';
import { addTimes, withoutTimes } from '../../recording/window-times.ts';
import { mergeWindows } from '../../recording/windows.ts';
import { SECOND } from '../../units/time.ts';
import type { WindowTimes } from '../over-time.ts';

/** Which times of windows of which length. */
export type AskedTimes = Pick<WindowTimes, 'lengthMs' | 'series'>;

/** The times of each whole window of the measured time, for each of `asked`. */
export function windowTimes(
  { windows, measuredUs }: Recording,
  asked: readonly AskedTimes[],
): readonly WindowTimes[] {
  return asked.map(({ lengthMs, series }) => {
    const seconds = lengthMs / 1000;
    const whole = Math.floor(measuredUs / SECOND / seconds);
    const histograms = Array.from({ length: whole }, (_, place) => {
      const part = windows.slice(place * seconds, (place + 1) * seconds);
      const [{ times, failedTimes = [] } = { times: [] }] = mergeWindows(part.map((one) => [one]));
      const histogram = emptyHistogram(2);
      addTimes(histogram, series === 'responseTime' ? times : withoutTimes(times, failedTimes));
      return encodeHistogram(histogram);
    });
    return { lengthMs, series, histograms };
  });
}
