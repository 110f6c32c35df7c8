/** @module The hit ratio of an entry that ends by its lifetime, or earlier when it makes room. */
import { type PerSecond, SECOND } from '../units/time.ts';
import { type Lifetime, ratioOf, rootOf } from './closed-form.ts';

/** Steps of the numerical solution within one characteristic time. */
const STEPS = 256;
/** Multiples of the characteristic time after which the solution is an exponential. */
const EXACT = 4;

/**
 * The hit ratio under Poisson calls of an entry that ends after `ttlUs`, or when it has not been called for `keptSeconds`
 * (`characteristicTime`). Each hit of a cycle is a call with no gap of `t` before it, up to `T`. Their rate `u` follows from the
 * renewal equation with gaps below `t`, `u'(s) = -lambda exp(-lambda t) u(s - t)` with `u = lambda` before `t` and a step of
 * `-lambda exp(-lambda t)` at `t`. Without a lifetime this is Che's `1 - exp(-lambda t)`, without a capacity
 * `lambda T / (1 + lambda T)`. That answers to calls during a fetch renew an entry is left out.
 */
export function limitedHitRatio(
  perSecond: PerSecond,
  keptSeconds: number,
  { ttlUs, fetchUs }: Pick<Lifetime, 'ttlUs' | 'fetchUs'>,
): number {
  return ratioOf(hitsPerCycle(perSecond, keptSeconds, ttlUs / SECOND), (perSecond * fetchUs) / SECOND);
}

function hitsPerCycle(perSecond: PerSecond, kept: number, lifetime: number): number {
  if (lifetime <= kept) return perSecond * lifetime;
  const evicted = perSecond * Math.exp(-perSecond * kept);
  const step = kept / STEPS;
  const length = Math.min(lifetime, EXACT * kept);
  const rates = [perSecond];
  let [hits, at] = [0, 0];
  while (at < length) {
    const width = Math.min(step, length - at);
    const place = rates.length;
    const before = rates.at(-1)!;
    const next =
      place <= STEPS
        ? perSecond
        : before - evicted * width * ((rates[place - STEPS - 1]! + rates[place - STEPS]!) / 2);
    hits += (width * (before + next)) / 2;
    rates.push(place === STEPS ? next - evicted : next);
    at += width;
  }
  const decay = decayOf(perSecond * kept) / kept;
  return hits + (rates.at(-1)! / decay) * -Math.expm1(-decay * (lifetime - length));
}

/** How fast the rate decays, per characteristic time: the root of `y - ln y = a - ln a` other than `a = lambda t`. */
function decayOf(a: number): number {
  const level = a - Math.log(a);
  const beyond = (y: number): number => level - (y - Math.log(y));
  return a < 1 ? rootOf((y) => -beyond(y), 1, level + 2 * Math.log(level + 2) + 2) : rootOf(beyond, 0, 1);
}
