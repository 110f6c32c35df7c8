/** @module Hit ratios of caches in closed form, for calls that arrive as a Poisson process or evenly spaced. All are for a lifetime from the receipt of an answer, which hits do not renew. */
import { type Micros, type PerSecond, SECOND } from '../units/time.ts';

/** How long an entry is kept, how long a fetch takes, and whether calls during a fetch wait for its answer. They are no hits either way. */
export interface Lifetime {
  readonly ttlUs: Micros;
  readonly fetchUs: Micros;
  readonly singleFlight: boolean;
}

/**
 * The hit ratio of one entry under Poisson calls: `lambda T / (1 + lambda (L + T))`. By renewal and reward: a cycle begins with a
 * miss, has `lambda L` more calls during the fetch and `lambda T` hits. Source: J. Jung, A. Berger and H. Balakrishnan,
 * "Modeling TTL-based Internet caches", INFOCOM 2003, with a fetch time. A cache whose hits renew the lifetime has
 * `1 - exp(-lambda T)`, which is another cache. Where lifetimes are drawn, `ttlUs` is their mean.
 *
 * Without single flight the calls during the fetch are fetches as well, and their answers renew the entry until `L` after the last of
 * them, which comes `L - (1 - exp(-lambda L)) / lambda` after the first in the mean. That holds for lifetimes from `L` on;
 * null for shorter ones, whose entries end in between.
 */
export function poissonHitRatio(perSecond: PerSecond, lifetime: Lifetime): number | null {
  const [ttl, fetch] = [(perSecond * lifetime.ttlUs) / SECOND, (perSecond * lifetime.fetchUs) / SECOND];
  if (lifetime.singleFlight) return ratioOf(ttl, fetch);
  return ttl < fetch ? null : ratioOf(ttl + fetch + Math.expm1(-fetch), fetch);
}

/**
 * The hit ratio of one entry where all calls are evenly spaced, each of which is for the entry with the probability `share`: `n / (1 + n)`
 * with `n = share floor(T / d)`. With the share 1, of one agent, it is `floor(T / d) / (1 + floor(T / d))`. By renewal and
 * reward, as above; the answer to a call comes between this call and the next.
 */
export function evenHitRatio(everyUs: Micros, share: number, lifetime: Lifetime): number | null {
  const { ttlUs, fetchUs, singleFlight } = lifetime;
  const during = Math.floor(fetchUs / everyUs);
  const fresh = Math.floor((fetchUs + ttlUs) / everyUs) - during;
  if (singleFlight) return ratioOf(share * fresh, share * during);
  // The place of the last call for the entry among those during the fetch.
  const last = during - ((1 - share) * (1 - (1 - share) ** during)) / share;
  return ttlUs < fetchUs ? null : ratioOf(share * (fresh + last), share * during);
}

/** Of a cycle with so many hits, and misses beside the one that begins it. */
export const ratioOf = (hits: number, furtherMisses: number): number => hits / (1 + furtherMisses + hits);

/** Entries of one cache that are called equally often. */
export interface Population {
  /** Of each. */
  readonly perSecond: PerSecond;
  readonly entries: number;
}

/**
 * For how long a cache of `capacity` keeps what is not called, in seconds: the root `t` of `sum (1 - exp(-lambda_i t)) = C`. Infinite
 * where everything has room. Source: H. Che, Y. Tung and Z. Wang, "Hierarchical Web caching systems", IEEE JSAC 20(7), 2002; why it
 * is that exact: B. Jiang, P. Nain and D. Towsley, "On the convergence of the TTL approximation for an LRU cache", ACM ToMPECS
 * 3(4), 2018. An entry that has expired keeps its place until then, so a lifetime does not change it.
 */
export function characteristicTime(populations: readonly Population[], capacity: number): number {
  const called = populations.filter(({ perSecond, entries }) => perSecond > 0 && entries > 0);
  const kept = (t: number): number =>
    called.reduce((sum, { perSecond, entries }) => sum - entries * Math.expm1(-perSecond * t), 0);
  if (called.reduce((sum, { entries }) => sum + entries, 0) <= capacity) return Number.POSITIVE_INFINITY;
  let high = 1;
  while (kept(high) < capacity) high *= 2;
  return rootOf((t) => kept(t) - capacity, 0, high);
}

/** The root of a rising function between `low` and `high`, by bisection. */
export function rootOf(of: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let i = 0; i < 100 && from < to; i += 1) {
    const middle = (from + to) / 2;
    if (of(middle) < 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/**
 * The largest rate of requests of `agents` that start together with empty caches, at the expiry of generation `generation` (1: the
 * start): the times are spread as Erlang(k, lambda), whose density has its maximum at `(k - 1) / lambda`. About
 * `N lambda / sqrt(2 pi (k - 1))` from the second generation on.
 */
export function herdPeak(agents: number, perSecond: PerSecond, generation: number): PerSecond {
  const before = generation - 1;
  let density = 1;
  for (let i = 1; i <= before; i += 1) density *= before / (i * Math.E);
  return agents * perSecond * density;
}

/** The mean time until the last of `agents` has a change that it is not told of, in seconds: `T + H_N / lambda`, since each asks at the first call after its entry has ended. An upper bound: an entry that is older when the change comes ends sooner. */
export function lastAgentSeconds(agents: number, perSecond: PerSecond, ttlUs: Micros): number {
  let harmonic = 0;
  for (let i = 1; i <= agents; i += 1) harmonic += 1 / i;
  return ttlUs / SECOND + harmonic / perSecond;
}
