/** @module What a plan is: the rule that names the next trial, given how those before it ended. */
import type { Era, Variant } from '../../profile/settings.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Repetition } from '../../result/document.ts';

/** One (variant, repetition) to be run. */
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
 * the results: it keeps no state of its own, so an interrupted experiment can go on from what it has stored.
 */
export interface Plan {
  /** The trial to run after `done`, which are in the order they were run; `undefined` when the experiment is over. */
  next(done: readonly TrialResult[]): Trial | undefined;
  /**
   * The trials still to come after `done`, the next one first, as far as they are known now: for the time left and the
   * count in a progress display. Where more depends on results, the fewest that are certain.
   */
  ahead(done: readonly TrialResult[]): readonly Trial[];
}

/** The seed of a repetition's load: the same for all variants (they meet the same arrivals), another for each repetition. */
export function repetitionSeed(seed: number, index: number): number {
  return (seed + index * 0x9e3779b1) >>> 0;
}
