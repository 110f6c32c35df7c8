/** @module The fixed plan: variants x repetitions in a counterbalanced, seeded order. */
import type { Profile } from '../../profile/settings.ts';
import { randomAt } from '../../units/random.ts';
import { balancedOrder } from './balanced-order.ts';
import type { Plan, Trial } from './plan.ts';

/** A plan that runs every trial of `profile` once, whatever the results. */
export function fixedPlan(profile: Profile, seed: number): Plan {
  const trials = planTrials(profile, seed);
  return {
    next: (done) => trials[done.length],
    ahead: (done) => trials.slice(done.length),
  };
}

/** The trials of `profile` in the order they are run: every repetition is a block that holds each variant once. */
function planTrials({ variants, repetitions }: Profile, seed: number): readonly Trial[] {
  const blocks = balancedOrder(variants.length, repetitions, randomAt(seed, 'order'));
  return blocks
    .flatMap((block, index) =>
      block.map((variantIndex) => ({ variant: variants[variantIndex]!, variantIndex, index })),
    )
    .map((trial, order) => ({ ...trial, order }));
}
