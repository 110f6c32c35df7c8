/** @module State behind handles: what it took by the server's own account, how large handles are, and how many were refused. */
import type { HandleEnd } from '../buckets.ts';
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import { isRefusal, type Sample } from '../sample.ts';
import type { Measure, MeasureTally } from './measure.ts';
import { durationOf, NO_DURATION, numberOf } from './server-timing.ts';

const COUNTS = ['calls', 'bytes', 'unknown', 'rotated', 'rotatedUnknown', 'stolen', 'stolenRefused'] as const;

/**
 * Measured calls whose answers say that they used a handle. `calls` are those that brought one, of which `unknown` had it refused; `bytes`
 * and `time` are of those that made one, too. `rotated` are those of `calls` whose handle an earlier key had signed. `stolen` are apart from
 * all these: calls with the handle of another agent that were let through or refused.
 */
export interface StateCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** What the state took in each of these calls. */
  readonly time: Series;
}

/** The entry of `Server-Timing`, and its parameters beside `dur`. */
const ENTRY = 'state';

const has = (serverTiming: string, parameter: string): boolean =>
  numberOf(serverTiming, ENTRY, parameter) > 0;

/** What became of the handle that a call brought, by the account of the server; undefined: it brought none of its own. */
export function handleEnd({ serverTiming, stolen }: Sample): HandleEnd | undefined {
  if (serverTiming === undefined || stolen === true) return undefined;
  if (durationOf(serverTiming, ENTRY) === NO_DURATION || has(serverTiming, 'made')) return undefined;
  return has(serverTiming, 'unknown') ? 'refused' : 'taken';
}

class StateTally implements MeasureTally<StateCounts> {
  readonly #time = new Tally();
  #calls = 0;
  #bytes = 0;
  #unknown = 0;
  #rotated = 0;
  #rotatedUnknown = 0;
  #stolen = 0;
  #stolenRefused = 0;

  add(sample: Sample): void {
    const { serverTiming, outcome, stolen } = sample;
    if (stolen === true) {
      const refused = isRefusal(outcome);
      if (!refused && outcome !== 'ok') return;
      this.#stolen += 1;
      if (refused) this.#stolenRefused += 1;
      return;
    }
    if (serverTiming === undefined) return;
    const us = durationOf(serverTiming, ENTRY);
    if (us === NO_DURATION) return;
    this.#bytes += Math.max(0, numberOf(serverTiming, ENTRY, 'bytes'));
    this.#time.record(clampTime(us));
    const end = handleEnd(sample);
    if (end === undefined) return;
    const refused = end === 'refused' ? 1 : 0;
    this.#calls += 1;
    this.#unknown += refused;
    if (!has(serverTiming, 'rotated')) return;
    this.#rotated += 1;
    this.#rotatedUnknown += refused;
  }

  counts(): StateCounts {
    return {
      calls: this.#calls,
      bytes: this.#bytes,
      unknown: this.#unknown,
      rotated: this.#rotated,
      rotatedUnknown: this.#rotatedUnknown,
      stolen: this.#stolen,
      stolenRefused: this.#stolenRefused,
      time: this.#time.series(),
    };
  }
}

export const state: Measure<StateCounts> = {
  name: 'state',
  start: ({ keepsState }) => (keepsState === true ? new StateTally() : undefined),
  merge: (list) => ({ ...addCounts(COUNTS, list), time: mergeSeries(list.map(({ time }) => time)) }),
};
