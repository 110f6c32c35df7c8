/** @module A recording's numbers, as the result file has them. */
import { mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { windowPercentiles } from '../../recording/windows.ts';
import type { Summary, Timeline } from '../document.ts';
import { balanceOf } from '../measure/balance.ts';
import { callFigures, callSeries } from '../measure/by-call.ts';
import { instanceFigures } from '../measure/by-instance.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { type Totals, totalsOf } from '../measure/totals.ts';

/** The numbers of one trial: the figures of all `quantities`, and what is kept per call, per instance and over time. */
export function summarise(recording: Recording, quantities: Quantities = QUANTITIES): Summary {
  const totals = totalsOf(recording);
  const figures = quantities.map((one) => [one.name, one.figures(recording, totals)] as const);
  return {
    ...(Object.fromEntries(figures) as QuantityFigures),
    byCall: Object.fromEntries(recording.byCall.map((call) => [call.name, callFigures(call)])),
    byInstance: instanceFigures(recording.byInstance),
    histograms: histograms(recording, totals, quantities),
    windows: windows(recording),
  };
}

/** What the table of quantities makes of a recording. */
type QuantityFigures = Pick<Summary, (typeof QUANTITIES)[number]['name']>;

/**
 * The numbers of all repetitions of a variant together. Percentiles come from the merged histograms; rates are those of
 * the whole measured time; counts, those of the windows included, are added up. At least one recording.
 */
export function summariseRepetitions(recordings: readonly Recording[]): Summary {
  return summarise(mergeRepetitions(recordings));
}

/** What the windows of a repetition come to. */
export function timelineOf(windows: Summary['windows']): Timeline {
  const ok = windows.map((window) => window.ok);
  const seconds = ok.length;
  const mean = ok.reduce((sum, calls) => sum + calls, 0) / seconds;
  return {
    seconds,
    okPerSecond: seconds === 0 ? null : { lowest: Math.min(...ok), mean, highest: Math.max(...ok) },
    errors: windows.reduce((sum, window) => sum + window.errors, 0),
  };
}

/** Of each distribution, and of the response times of each kind of call. */
function histograms(recording: Recording, totals: Totals, quantities: Quantities): Summary['histograms'] {
  const distributions = quantities.flatMap(({ name, times }) =>
    times === undefined ? [] : [[name, times.series(recording, totals).histogram] as const],
  );
  const calls = recording.byCall.map((call) => [callSeries(call.name), call.responseTime.histogram] as const);
  return Object.fromEntries([...distributions, ...calls]);
}

/** `jain` is over all instances of the recording: one that answered nothing in this second counts. */
function windows({ windows, byInstance }: Recording): Summary['windows'] {
  return windows.map((window, second) => {
    const [p50Us = 0, p99Us = 0] = windowPercentiles(window, [50, 99]);
    const { sent, ok, errors, instances } = window;
    const jain = instances && {
      jain: balanceOf(byInstance.map(({ name }) => instances[name] ?? 0)).jain,
    };
    return { atMs: second * 1000, sent, ok, errors, p50Us, p99Us, ...jain };
  });
}
