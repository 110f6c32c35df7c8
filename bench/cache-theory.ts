/** @module What theory says of caches whose entries live for a time T from their receipt: hit ratios, the age of what is given, and the herd of agents that start together. */

/** Calls per second of one caller, and seconds of `ttlMs`. */
export interface Caller {
  readonly perSecond: number;
  readonly ttlSeconds: number;
}

/** Poisson arrivals: a cycle is one fetch and, in the time T after it, lambda T expected hits (renewal reward). */
export function poissonHits({ perSecond, ttlSeconds }: Caller): number {
  const expected = perSecond * ttlSeconds;
  return expected / (1 + expected);
}

/** The ratio if a hit began the lifetime anew, which MCP does not allow: a hit follows every gap that is shorter than T. */
export const restartedHits = ({ perSecond, ttlSeconds }: Caller): number =>
  1 - Math.exp(-perSecond * ttlSeconds);

/** Arrivals evenly spaced: after a fetch, as many hits as gaps fit into T. */
export function evenHits({ perSecond, ttlSeconds }: Caller): number {
  const fit = Math.floor(perSecond * ttlSeconds);
  return fit / (1 + fit);
}

/**
 * A cache of `capacity` entries that never expire, of which the least recently used makes room: the share of hits of requests for items with
 * these rates. Source: Che, Tung, Wang, "Hierarchical Web Caching Systems", IEEE JSAC 20(7), 2002: an item is kept for a time t after
 * its last use, the same for all, in which the expected number of items used is the capacity.
 */
export function leastRecentHits(rates: readonly number[], capacity: number): number {
  const kept = (time: number): number => rates.reduce((sum, rate) => sum + 1 - Math.exp(-rate * time), 0);
  let [low, high] = [0, 1];
  while (kept(high) < capacity) high *= 2;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (kept(middle) < capacity) low = middle;
    else high = middle;
  }
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  return rates.reduce((sum, rate) => sum + (rate / total) * (1 - Math.exp(-rate * low)), 0);
}

/**
 * Fetches by one of the agents that start together without an entry, expected between two times in seconds from the start. Its fetch k is made
 * when k - 1 lifetimes have passed, and k waits for the next Poisson call: their sum has an Erlang distribution.
 */
export function herdFetches(caller: Caller, fromSeconds: number, toSeconds: number): number {
  const { perSecond, ttlSeconds } = caller;
  let sum = 0;
  for (let fetch = 1; (fetch - 1) * ttlSeconds < toSeconds; fetch += 1) {
    const at = (seconds: number): number => erlang(fetch, perSecond * (seconds - (fetch - 1) * ttlSeconds));
    sum += at(toSeconds) - at(fromSeconds);
  }
  return sum;
}

/** The probability that at least `k` events of a Poisson process have happened when `expected` are expected. */
function erlang(k: number, expected: number): number {
  if (expected <= 0) return 0;
  let [term, sum] = [Math.exp(-expected), 0];
  for (let n = 0; n < k; n += 1) {
    sum += term;
    term *= expected / (n + 1);
  }
  return 1 - sum;
}
