/** @module Response times over the measured time: percentiles of consecutive spans, each read from all calls that ended in it. */
import type { Recording } from '../../recording/recording.ts';
import { mergeWindows, type RecordedWindow, windowPercentiles } from '../../recording/windows.ts';
import { isSupported } from '../measure/distribution.ts';
import type { Span } from '../over-time.ts';

/** More spans than these cannot be told apart in a chart, and the result must stay small. */
const MOST_SPANS = 120;
const SECOND_MS = 1000;

/** The spans of repetitions together: seconds, or as many seconds at a time as leave at most {@link MOST_SPANS}. */
export function overTime(recordings: readonly Recording[]): readonly Span[] {
  const windows = mergeWindows(recordings.map((recording) => recording.windows));
  const endMs = Math.max(0, ...recordings.map(({ measuredUs }) => measuredUs)) / 1000;
  const seconds = Math.max(1, Math.ceil(windows.length / MOST_SPANS));
  return Array.from({ length: Math.ceil(windows.length / seconds) }, (_, place) => {
    const atMs = place * seconds * SECOND_MS;
    const [whole] = mergeWindows(windows.slice(place * seconds, (place + 1) * seconds).map((one) => [one]));
    return { atMs, lengthMs: Math.ceil(Math.min(seconds * SECOND_MS, endMs - atMs)), ...timesOf(whole!) };
  });
}

function timesOf(window: RecordedWindow): Omit<Span, 'atMs' | 'lengthMs'> {
  const calls = window.times.reduce((sum, value, at) => sum + (at % 2 === 1 ? value : 0), 0);
  const [p50Us, p95Us, p99Us] = [50, 95, 99].map((percentile) =>
    isSupported(percentile, calls) ? windowPercentiles(window, [percentile])[0]! : null,
  ) as [number | null, number | null, number | null];
  return { calls, p50Us, p95Us, p99Us };
}
