/** @module Policy `random-two`: the better of two upstreams drawn at random. */
import { randomAt } from '../../units/random.ts';
import { type CreatePolicy, NONE } from './policy.ts';

/**
 * Draws two different live upstreams and chooses the one with fewer requests in flight, or the first drawn if they are equal.
 * Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001.
 */
export const randomTwo: CreatePolicy = (upstreams, seed) => {
  const random = randomAt(seed, 'balancer');
  return {
    choose() {
      const live = upstreams.flatMap((upstream, index) => (upstream.live ? [index] : []));
      if (live.length < 2) return live[0] ?? NONE;
      const first = random.below(live.length);
      // Draws from the others by an offset from the first, instead of drawing again.
      const second = (first + 1 + random.below(live.length - 1)) % live.length;
      const [a, b] = [live[first]!, live[second]!];
      return upstreams[b]!.inFlight < upstreams[a]!.inFlight ? b : a;
    },
  };
};
