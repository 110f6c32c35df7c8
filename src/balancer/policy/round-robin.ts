/** @module Policy `round-robin`: each live upstream in turn. */
import { type CreatePolicy, NONE, type UpstreamState } from './policy.ts';

/** The first live upstream at or after `start`, wrapping around; {@link NONE} when none is live. */
export function liveFrom(upstreams: readonly UpstreamState[], start: number): number {
  for (let step = 0; step < upstreams.length; step += 1) {
    const index = (start + step) % upstreams.length;
    if (upstreams[index]!.live) return index;
  }
  return NONE;
}

/** Each live upstream in turn, beginning with the first. */
export const roundRobin: CreatePolicy = (upstreams) => {
  let next = 0;
  return {
    choose() {
      const chosen = liveFrom(upstreams, next);
      if (chosen !== NONE) next = chosen + 1;
      return chosen;
    },
  };
};
