/** @module Consistent hashing: which upstream a key belongs to. */
import { hash32, mix } from '../../units/random.ts';
import { NONE, type UpstreamState } from './policy.ts';

/**
 * Highest-random-weight hashing: every upstream has a score for every key, and the live upstream with the highest score is chosen.
 * When an upstream goes down, only its own keys move, and they return with it. Ties (one in 2^32) go to the lower index.
 * Source: D. Thaler, C. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM ToN 6(1), 1998.
 */
export function rendezvous(upstreams: readonly UpstreamState[], seed: number): (key: string) => number {
  const salts: number[] = [];
  const saltOf = (index: number): number => {
    salts[index] ??= mix(hash32(upstreams[index]!.id) ^ mix(seed));
    return salts[index];
  };
  return (key) => {
    const hash = hash32(key);
    let chosen = NONE;
    let highest = -1;
    for (let index = 0; index < upstreams.length; index += 1) {
      if (!upstreams[index]!.live) continue;
      const score = mix(hash ^ saltOf(index));
      if (score > highest) {
        highest = score;
        chosen = index;
      }
    }
    return chosen;
  };
}
