/** @module Simulates whole experiments with known differences, to count how often their comparisons claim a difference, rightly or not. */
import { balancedOrder } from '../src/experiment/plan/balanced-order.ts';
import { compareVariants } from '../src/result/comparison/compare.ts';
import type { Comparison, Repetition, VariantResult } from '../src/result/document.ts';
import { type Random, randomAt } from '../src/units/random.ts';

/** The experiments that are simulated. */
export interface Experiments {
  readonly variants: number;
  readonly repetitions: number;
  /** By which share the target slows down from each trial to the next. */
  readonly drift: number;
  /** Standard deviation of a median between trials, as a share of it; that of a p99 is three times as large. */
  readonly noise: number;
  /** By which share the median of the second variant is longer. */
  readonly planted: number;
  /**
   * By how much the share of failed calls of the second variant is larger.
   * @default 0
   */
  readonly moreErrors?: number;
}

/** Calls of each trial. */
const CALLS = 4000;
/** How many of them fail, on average, and how much that varies from trial to trial. */
const ERROR_RATE = 0.003;
const ERROR_NOISE = 0.3;
/** p99 over median. */
const TAIL = 4;
const TAIL_NOISE = 3;
const MEDIAN_US = 20_000;

/** The comparisons of one experiment. */
export const simulateComparisons = (experiments: Experiments, seed: number): readonly Comparison[] =>
  compareVariants(simulateVariants(experiments, seed));

/** The variants of one experiment. Each trial has its noise; drift slows times down, and rates and errors with them (a closed loop). */
export function simulateVariants(experiments: Experiments, seed: number): readonly VariantResult[] {
  const { variants, repetitions } = experiments;
  const random = randomAt(seed, 'service', 1000 * variants + repetitions);
  const blocks = balancedOrder(variants, repetitions, randomAt(seed, 'order'));
  const trials = blocks.flatMap((block, index) =>
    block.map((variant, place) => ({ variant, index, order: index * variants + place })),
  );
  const results = Array.from({ length: variants }, (_, variant) => ({
    name: String(variant),
    caveats: [],
    settings: {},
    repetitions: trials.flatMap((trial) =>
      trial.variant === variant ? [repetition(experiments, trial, random)] : [],
    ),
  }));
  // Comparisons read no more of a variant than this.
  return results as unknown as readonly VariantResult[];
}

function repetition(
  { drift, noise, planted, moreErrors = 0 }: Experiments,
  { variant, index, order }: { readonly variant: number; readonly index: number; readonly order: number },
  random: Random,
): Repetition {
  const slower = (1 + drift) ** order;
  const varied = (deviation: number): number => Math.exp(deviation * normal(random));
  const p50Us = MEDIAN_US * slower * varied(noise) * (variant === 1 ? 1 + planted : 1);
  const p99Us = TAIL * MEDIAN_US * slower * varied(TAIL_NOISE * noise);
  const chance = ERROR_RATE * slower * varied(ERROR_NOISE);
  const errorRate = Math.min(0.5, chance + (variant === 1 ? moreErrors : 0));
  const errors = Math.min(CALLS, poisson(CALLS * errorRate, random));
  const calls = { due: CALLS, ok: CALLS - errors, errors, errorRate: errors / CALLS, outcomes: {} };
  const times = { count: CALLS, p50Us, p99Us };
  const perSecond = (1e6 / p50Us) * varied(noise / 3);
  const rate = { offeredPerSecond: perSecond, achievedPerSecond: perSecond, goodputPerSecond: perSecond };
  const own = { index, order, complete: true, generator: { bound: false } };
  return { ...own, calls, rate, responseTime: times, histograms: {} } as unknown as Repetition;
}

/** A standard normal draw (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** A draw from a Poisson distribution: arrivals in a time of length `mean`. */
function poisson(mean: number, random: Random): number {
  let [count, time] = [-1, 0];
  while (time < mean) {
    time -= Math.log(1 - random.next());
    count += 1;
  }
  return count;
}
