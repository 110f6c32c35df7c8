/** @module Simulates experiments of variants that do not differ, to count how often the interval of what one of them adds contains 0. */
import { balancedOrder } from '../src/experiment/plan/balanced-order.ts';
import { type PairedDifference, pairedDifference } from '../src/result/statistics/paired.ts';
import { randomAt } from '../src/units/random.ts';
import type { Micros } from '../src/units/time.ts';
import { normal } from './aa-simulation.ts';

/** The experiments that are simulated. */
export interface PairedExperiments {
  readonly variants: number;
  readonly repetitions: number;
  /** By how much a median is longer from each trial to the next. */
  readonly driftUs: Micros;
}

const MEDIAN: Micros = 1000;
/** Standard deviation of what the schedule of a repetition adds to the medians of all its trials. */
const SCHEDULE_NOISE: Micros = 50;
/** Of what chance adds to the median of one trial. */
const NOISE: Micros = 10;

/** What the second variant adds to the first in one experiment, in microseconds; the truth is 0. */
export function simulateAdded(
  { variants, repetitions, driftUs }: PairedExperiments,
  seed: number,
): PairedDifference {
  const random = randomAt(seed, 'service', 1000 * variants + repetitions);
  const blocks = balancedOrder(variants, repetitions, randomAt(seed, 'order'));
  const pairs = blocks.map((block, index) => {
    const schedule = SCHEDULE_NOISE * normal(random);
    const median = (variant: number): Micros =>
      MEDIAN + schedule + driftUs * (index * variants + block.indexOf(variant)) + NOISE * normal(random);
    return { first: median(0), second: median(1), later: block.indexOf(1) - block.indexOf(0) };
  });
  return pairedDifference(pairs);
}
