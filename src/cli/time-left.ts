/** @module How long trials take, as far as it is known before they run. */
import type { Trial } from '../experiment/plan/plan.ts';
import type { Micros } from '../units/time.ts';

/** Assumed for starting and stopping what a trial runs against, until a trial has shown it. */
export const START_AND_STOP_US: Micros = 2e6;

/** Time under load, warm-up included. */
export function loadUs({ variant: { settings } }: Trial): Micros {
  return settings.load.warmupUs + settings.load.durationUs;
}
