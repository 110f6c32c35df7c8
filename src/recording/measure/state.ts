/** @module State behind handles: what it took by the server's own account, how large handles are, and how many were refused. */
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Sample } from '../sample.ts';
import type { Measure, MeasureTally } from './measure.ts';
import { durationOf, NO_DURATION, numberOf } from './server-timing.ts';

const COUNTS = ['calls', 'bytes', 'unknown'] as const;

/** Measured calls whose answers say that they used a handle. `calls` are those that brought one, of which `unknown` had it refused; `bytes` and `time` are of those that made one, too. */
export interface StateCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** What the state took in each of these calls. */
  readonly time: Series;
}

/** The entry of `Server-Timing`, and its parameters beside `dur`. */
const ENTRY = 'state';

class StateTally implements MeasureTally<StateCounts> {
  readonly #time = new Tally();
  #calls = 0;
  #bytes = 0;
  #unknown = 0;

  add({ serverTiming }: Sample): void {
    if (serverTiming === undefined) return;
    const us = durationOf(serverTiming, ENTRY);
    if (us === NO_DURATION) return;
    if (!(numberOf(serverTiming, ENTRY, 'made') > 0)) this.#calls += 1;
    this.#bytes += Math.max(0, numberOf(serverTiming, ENTRY, 'bytes'));
    this.#unknown += Math.max(0, numberOf(serverTiming, ENTRY, 'unknown'));
    this.#time.record(clampTime(us));
  }

  counts(): StateCounts {
    return { calls: this.#calls, bytes: this.#bytes, unknown: this.#unknown, time: this.#time.series() };
  }
}

export const state: Measure<StateCounts> = {
  name: 'state',
  start: ({ keepsState }) => (keepsState === true ? new StateTally() : undefined),
  merge: (list) => ({ ...addCounts(COUNTS, list), time: mergeSeries(list.map(({ time }) => time)) }),
};
