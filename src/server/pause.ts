/** @module How a request takes time without using the processor: many instances share the machine, so none may spin. */
import { after, systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/** Resolves after about `us`. */
export type Pause = (us: Micros) => Promise<void>;

/** By a timer: each pause ends up to about a millisecond late, in the mean a pause of 5 ms takes 5.6 ms. */
export const timerPause: Pause = (us) => sleep(us);

/** Of one pause's error, the most that is made up for: an instance that stood still does not rush afterwards. */
const MOST_CARRIED: Micros = 10_000;

/**
 * Pauses whose errors do not add up: what one took too long, the next ones are shorter (error diffusion). Each is still off by
 * about a millisecond, their mean is not: near saturation a service time 1 % too long makes the queue 10 % longer.
 */
export function balancedPause(sleepFor: Pause = sleep, now: () => Micros = systemClock.now): Pause {
  let carriedUs: Micros = 0;
  return async (us) => {
    const askedUs = us - carriedUs;
    if (askedUs <= 0) {
      carriedUs = -askedUs;
      return;
    }
    carriedUs = 0;
    const startedUs = now();
    await sleepFor(askedUs);
    const lateUs = now() - startedUs - askedUs;
    carriedUs = Math.min(MOST_CARRIED, carriedUs + lateUs);
  };
}

function sleep(us: Micros): Promise<void> {
  return new Promise((resolve) => {
    after(us, resolve);
  });
}
