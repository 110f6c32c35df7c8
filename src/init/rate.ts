/** @module The rate with which a load of an unknown server begins, from how long its calls took when they were tried alone. */
import type { Micros, PerSecond } from '../units/time.ts';
import type { Tried } from './trial.ts';

export interface FirstRate {
  readonly perSecond: PerSecond;
  /** Mean over the mix: of each call as often as its weight says. */
  readonly meanUs: Micros;
}

/** How many calls are to be under way at a time, on average. */
const UNDER_WAY = 0.5;
const STEPS = [1, 2, 5, 10, 20, 50] as const;

/**
 * The greatest step at which at most half a call is under way on average, if calls take as long under load: rate = 0.5 / mean time
 * (Little's law). At least 1/s and at most 50/s.
 */
export function firstRate(tried: readonly Tried[]): FirstRate {
  let weights = 0;
  let weighted = 0;
  for (const { candidate, ended } of tried) {
    if (ended.kind !== 'ok') continue;
    weights += candidate.weight;
    weighted += candidate.weight * ended.tookUs;
  }
  const meanUs = weights === 0 ? 0 : weighted / weights;
  const most = meanUs === 0 ? Infinity : UNDER_WAY / (meanUs / 1e6);
  return { perSecond: STEPS.findLast((step) => step <= most) ?? STEPS[0], meanUs };
}
