/** @module The fixed plan: variants x repetitions in an interleaved, seeded order. */
import type { Profile } from '../../profile/settings.ts';
import { randomAt } from '../../units/random.ts';
import type { Plan, Trial } from './plan.ts';

/** A plan that runs every trial of `profile` once, whatever the results. */
export function fixedPlan(profile: Profile, seed: number): Plan {
  const trials = planTrials(profile, seed);
  return {
    next: (done) => trials[done.length],
    ahead: (done) => trials.slice(done.length),
  };
}

/**
 * The trials of `profile` in the order they are run: every repetition is a block that holds each variant once, shuffled
 * (a randomised complete block design), so that a machine that drifts slows all variants alike.
 */
function planTrials(profile: Profile, seed: number): readonly Trial[] {
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
