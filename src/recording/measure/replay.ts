/** @module The calls of a replay that were left out while it ran. */
import { addCounts } from '../counts.ts';
import type { Measure, MeasureTally } from './measure.ts';

const SUMS = ['leftOut'] as const;

/** Calls that need a value of a result that there was not. */
export type ReplayCounts = Readonly<Record<(typeof SUMS)[number], number>>;

/** The replay of one worker while it runs. */
export class ReplayTally implements MeasureTally<ReplayCounts> {
  #leftOut = 0;

  leftOut(): void {
    this.#leftOut += 1;
  }

  counts(): ReplayCounts {
    return { leftOut: this.#leftOut };
  }
}

/** Counts only in a replay. */
export const replay: Measure<ReplayCounts, ReplayTally> = {
  name: 'replay',
  start: (load) => (load.replay === undefined ? undefined : new ReplayTally()),
  merge: (list) => addCounts(SUMS, list),
};
