/** @module The resolution of a clock, and the cost of reading it. */
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';

const READINGS = 20_000;

/** Reads `clock` many times. `resolutionUs` is the smallest difference between two unequal readings, 0 when all are equal. */
export function measureClock(clock: Pick<Clock, 'now'>): {
  readonly resolutionUs: Micros;
  readonly readUs: Micros;
} {
  const first = clock.now();
  let last = first;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < READINGS; i += 1) {
    const now = clock.now();
    if (now > last && now - last < smallest) smallest = now - last;
    last = now;
  }
  return {
    resolutionUs: Number.isFinite(smallest) ? round(smallest) : 0,
    readUs: round((last - first) / READINGS),
  };
}

const round = (us: Micros): Micros => Math.round(us * 1000) / 1000;
