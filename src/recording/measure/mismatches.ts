/** @module Calls that a server refused because of their header fields (-32020): how often agents listed its tools again for it, and made them once more. */
import { addCounts } from '../counts.ts';
import type { Measure, MeasureTally } from './measure.ts';

const COUNTS = ['refused', 'lists', 'again'] as const;

/** Measured calls that were refused at first, the lists of tools that agents asked for because of them, and the calls that they made once more. */
export type MismatchCounts = Readonly<Record<(typeof COUNTS)[number], number>>;

/** The refused calls of one worker while they are counted; its agents write to it. */
export class MismatchTally implements MeasureTally<MismatchCounts> {
  readonly #counts = { refused: 0, lists: 0, again: 0 };

  /** Counts one of `what`, if it belongs to a measured call. */
  count(what: keyof MismatchCounts, measured: boolean): void {
    if (measured) this.#counts[what] += 1;
  }

  counts(): MismatchCounts {
    return { ...this.#counts };
  }
}

/** Counts only where agents mirror what a server lists: the built-in servers have nothing to mirror. */
export const mismatches: Measure<MismatchCounts, MismatchTally> = {
  name: 'mismatches',
  start: ({ era, foreign }) =>
    era === 'stateless' && foreign !== undefined ? new MismatchTally() : undefined,
  merge: (list) => addCounts(COUNTS, list),
};
