/** @module A recording's numbers, as the result file has them. */
import { mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { windowPercentiles } from '../../recording/windows.ts';
import type { Micros } from '../../units/time.ts';
import type { Summary } from '../document.ts';
import { balanceOf } from '../measure/balance.ts';
import { callFigures } from '../measure/by-call.ts';
import { instanceFigures } from '../measure/by-instance.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { callSeries, partSeries } from '../measure/quantity.ts';
import { type Totals, totalsOf } from '../measure/totals.ts';
import type { Timeline } from '../over-time.ts';

const SECOND_MS = 1000;

/** The numbers of one trial: the figures of all `quantities`, and what is kept per call, per instance and over time; of several, `longestUs` is the measured time of the longest. */
export function summarise(
  recording: Recording,
  quantities: Quantities = QUANTITIES,
  longestUs: Micros = recording.measuredUs,
): Summary {
  const totals = totalsOf(recording);
  const figures = quantities.map((one) => [one.name, one.figures(recording, totals)] as const);
  return {
    ...(Object.fromEntries(figures) as QuantityFigures),
    byCall: Object.fromEntries(recording.byCall.map((call) => [call.name, callFigures(call)])),
    byInstance: instanceFigures(recording.byInstance),
    histograms: histograms(recording, totals, quantities),
    windows: windows(recording, longestUs),
  };
}

/** What the table of quantities makes of a recording. */
type QuantityFigures = Pick<Summary, (typeof QUANTITIES)[number]['name']>;

/**
 * The numbers of all repetitions of a variant together. Percentiles come from the merged histograms; rates are those of
 * the whole measured time; counts, those of the windows included, are added up. At least one recording.
 */
export function summariseRepetitions(recordings: readonly Recording[]): Summary {
  const longestUs = Math.max(...recordings.map(({ measuredUs }) => measuredUs));
  return summarise(mergeRepetitions(recordings), QUANTITIES, longestUs);
}

/** What the windows of a repetition come to. */
export function timelineOf(windows: Summary['windows']): Timeline {
  const whole = windows.filter(({ lengthMs = SECOND_MS }) => lengthMs === SECOND_MS);
  const ok = whole.map((window) => window.ok);
  const seconds = ok.length;
  const mean = ok.reduce((sum, calls) => sum + calls, 0) / seconds;
  return {
    seconds,
    okPerSecond: seconds === 0 ? null : { lowest: Math.min(...ok), mean, highest: Math.max(...ok) },
    errors: windows.reduce((sum, window) => sum + window.errors, 0),
  };
}

/** Of each distribution, of each part of a quantity that has times, and of the response times of each kind of call. */
function histograms(recording: Recording, totals: Totals, quantities: Quantities): Summary['histograms'] {
  const distributions = quantities.flatMap(({ name, times }) =>
    times === undefined ? [] : [[name, times.series(recording, totals).histogram] as const],
  );
  const parts = quantities.flatMap(({ name, parts = [] }) =>
    parts.flatMap(({ key, series }) => {
      const found = series(recording);
      return (found?.count ?? 0) === 0 ? [] : [[partSeries(name, key), found!.histogram] as const];
    }),
  );
  const calls = recording.byCall.flatMap(({ name, responseTime, okResponseTime }) => [
    [callSeries('responseTime', name), responseTime.histogram] as const,
    [callSeries('okResponseTime', name), okResponseTime.histogram] as const,
  ]);
  return Object.fromEntries([...distributions, ...parts, ...calls]);
}

/** `jain` is over all instances of the recording: one that answered nothing in this second counts. */
function windows({ windows, byInstance }: Recording, longestUs: Micros): Summary['windows'] {
  return windows.map((window, second) => {
    const [p50Us = 0, p99Us = 0] = windowPercentiles(window, [50, 99]);
    const { sent, ok, errors, instances, byDue, arrived } = window;
    const jain = instances && {
      jain: balanceOf(byInstance.map(({ name }) => instances[name] ?? 0)).jain,
    };
    const atMs = second * SECOND_MS;
    const lengthMs = Math.ceil(Math.min(SECOND_MS, longestUs / 1000 - atMs));
    const counts = { ...(byDue && { byDue }), ...(arrived && { arrived }) };
    return { atMs, sent, ok, errors, p50Us, p99Us, lengthMs, ...jain, ...counts };
  });
}
