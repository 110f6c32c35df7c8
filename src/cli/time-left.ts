/** @module The expected duration of trials, as far as it is known before they run. */
import type { Trial } from '../experiment/plan/plan.ts';
import type { Micros } from '../units/time.ts';

/** Assumed time for starting and stopping the testbed of a trial, until a trial has been measured. */
export const START_AND_STOP_US: Micros = 2e6;

/** Time under load, warm-up included. */
export function loadUs({ variant: { settings } }: Trial): Micros {
  return settings.load.warmupUs + settings.load.durationUs;
}
