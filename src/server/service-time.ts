/** @module Draws how long a tool takes from the distribution that the profile names. */
import type { ServiceTime } from '../profile/settings.ts';
import type { Random } from '../units/random.ts';
import type { Micros } from '../units/time.ts';

/** One service time, drawn from `distribution`. */
export function drawServiceTime(distribution: ServiceTime, random: Random): Micros {
  switch (distribution.kind) {
    case 'constant':
      return distribution.us;
    case 'uniform':
      return distribution.minUs + random.next() * (distribution.maxUs - distribution.minUs);
    case 'exponential':
      return -distribution.meanUs * Math.log(1 - random.next());
    case 'lognormal':
      return distribution.medianUs * Math.exp(distribution.sigma * normal(random));
    case 'bimodal':
      return random.next() < distribution.slowShare ? distribution.slowUs : distribution.fastUs;
  }
}

/** A standard normal deviate (Box and Muller, 1958; the cosine half). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
