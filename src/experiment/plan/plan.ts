/** @module The interface of a plan: the rule that chooses the next trial, given the results of the previous ones. */
import type { Era, Variant } from '../../profile/settings.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Repetition } from '../../result/document.ts';

/** One repetition of one variant. */
export interface Trial {
  readonly variant: Variant;
  /** Index of the variant in the profile. */
  readonly variantIndex: number;
  /** Index of the repetition within its variant. */
  readonly index: number;
  /** Place in the order of all trials, from 0. */
  readonly order: number;
}

/** How a trial ended. */
export interface TrialResult {
  readonly trial: Trial;
  readonly repetition: Repetition;
  /** The raw counts, for the variant's summary over repetitions. */
  readonly recording: Recording;
  readonly era: Era;
}

/**
 * Decides which trials are run: a fixed list, a comparison that stops when it is decided, a search. A plan is a function of
 * the results: it keeps no state of its own, so an interrupted experiment can continue from its stored results.
 */
export interface Plan {
  /** The trial to run after `done`, which are in the order they were run; `undefined` when the experiment is over. */
  next(done: readonly TrialResult[]): Trial | undefined;
  /**
   * The trials still to come after `done`, the next one first, as far as they are known now: for the time left and the
   * count in a progress display. If their number depends on results, only those that are certain.
   */
  ahead(done: readonly TrialResult[]): readonly Trial[];
}

/** The seed of a repetition's load: the same for all variants (so that they get the same arrivals), different for each repetition. */
export function repetitionSeed(seed: number, index: number): number {
  return (seed + index * 0x9e3779b1) >>> 0;
}
