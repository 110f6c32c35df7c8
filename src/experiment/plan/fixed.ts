/** @module Variants x repetitions in an interleaved, seeded order. */
import type { Profile, Variant } from '../../profile/settings.ts';
import { randomAt } from '../../units/random.ts';

/** One (variant, repetition) to be run. */
export interface Trial {
  readonly variant: Variant;
  /** Index of the variant in the profile. */
  readonly variantIndex: number;
  /** Index of the repetition within its variant. */
  readonly index: number;
  /** Place in the order of all trials. */
  readonly order: number;
}

/**
 * The trials of `profile` in the order they are run: every repetition is a block that holds each variant once, shuffled
 * (a randomised complete block design), so that a machine that drifts slows all variants alike.
 */
export function planTrials(profile: Profile, seed: number): readonly Trial[] {
  const trials: Trial[] = [];
  for (let index = 0; index < profile.repetitions; index += 1) {
    const block = profile.variants.map((variant, variantIndex) => ({ variant, variantIndex }));
    const random = randomAt(seed, 'order', index);
    for (let last = block.length - 1; last > 0; last -= 1) {
      const other = random.below(last + 1);
      [block[last], block[other]] = [block[other]!, block[last]!];
    }
    for (const entry of block) trials.push({ ...entry, index, order: trials.length });
  }
  return trials;
}

/** The seed of a repetition's load: the same for all variants (they meet the same arrivals), another for each repetition. */
export function repetitionSeed(seed: number, index: number): number {
  return (seed + index * 0x9e3779b1) >>> 0;
}
