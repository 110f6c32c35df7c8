/** @module Variants against the first one: ratios with intervals over repetitions, and what they allow to be said. */

import { hash32, randomAt } from '../../units/random.ts';
import type { Comparison, Repetition, VariantResult } from '../document.ts';
import { bootstrapMean, type Interval, meanOf } from './bootstrap.ts';

/** Differences below this share are not worth a word, however certain: `same`. */
const MINIMUM_EFFECT = 0.02;
/** The same for metrics that can be 0 (an error rate), as a difference: a tenth of a per cent of the calls. */
const MINIMUM_DIFFERENCE = 0.001;
/** With fewer pairs of repetitions nothing is decided. */
export const MINIMUM_REPETITIONS = 3;
/** A difference in error rates from which response times are those of different calls. */
const COMPARABLE_ERRORS = 0.01;

interface Metric {
  /** Path into a summary. */
  readonly name: string;
  readonly better: 'lower' | 'higher';
  /** Undefined when the repetition does not have it. */
  read(repetition: Repetition): number | undefined;
  /** Times of calls that failed fast flatter: see {@link COMPARABLE_ERRORS}. */
  readonly flattered?: true;
}

const timed = (repetition: Repetition, us: number): number | undefined =>
  repetition.responseTime.count > 0 ? us : undefined;

/** What is compared. A further metric is one line. */
export const METRICS: readonly Metric[] = [
  {
    name: 'responseTime.p50Us',
    better: 'lower',
    read: (repetition) => timed(repetition, repetition.responseTime.p50Us),
    flattered: true,
  },
  {
    name: 'responseTime.p99Us',
    better: 'lower',
    read: (repetition) => timed(repetition, repetition.responseTime.p99Us),
    flattered: true,
  },
  { name: 'rate.achievedPerSecond', better: 'higher', read: ({ rate }) => rate.achievedPerSecond },
  {
    name: 'calls.errorRate',
    better: 'lower',
    read: ({ calls }) => (calls.due > 0 ? calls.errorRate : undefined),
  },
  { name: 'balance.maxOverMean', better: 'lower', read: ({ balance }) => balance.maxOverMean ?? undefined },
];

/**
 * Every variant but the first against the first, metric by metric. The repetition is the unit of observation, never the call
 * (calls of one run are not independent); repetitions are paired by index, since they ran side by side in time.
 * Interrupted repetitions are left out. Deterministic in `seed`.
 */
export function compareVariants(variants: readonly VariantResult[], seed: number): Comparison[] {
  const [base, ...candidates] = variants;
  if (base === undefined) return [];
  return candidates.flatMap((candidate) => {
    const pairs = pairUp(base, candidate);
    return METRICS.map((metric) => {
      const index = hash32(`${metric.name}\n${base.name}\n${candidate.name}`);
      const found = compare(metric, pairs, randomAt(seed, 'bootstrap', index));
      return { metric: metric.name, base: base.name, candidate: candidate.name, ...found };
    });
  });
}

/** A repetition of two variants. */
export interface Pair {
  readonly base: Repetition;
  readonly candidate: Repetition;
}

/** The repetitions that both have and that ran to the end. */
export function pairUp(base: VariantResult, candidate: VariantResult): readonly Pair[] {
  return base.repetitions.flatMap((one) => {
    const other = candidate.repetitions.find(({ index }) => index === one.index);
    return one.complete && other?.complete ? [{ base: one, candidate: other }] : [];
  });
}

type Finding = Pick<Comparison, 'ratio' | 'ciLow' | 'ciHigh' | 'verdict'>;
const UNKNOWN: Finding = { ratio: null, ciLow: null, ciHigh: null, verdict: 'undecided' };

function compare(metric: Metric, pairs: readonly Pair[], random: ReturnType<typeof randomAt>): Finding {
  const base = pairs.flatMap((pair) => metric.read(pair.base) ?? []);
  const candidate = pairs.flatMap((pair) => metric.read(pair.candidate) ?? []);
  if (pairs.length === 0 || base.length < pairs.length || candidate.length < pairs.length) return UNKNOWN;
  const positive = [...base, ...candidate].every((value) => value > 0);
  const steps = base.map((value, index) =>
    positive ? Math.log(candidate[index]! / value) : candidate[index]! - value,
  );
  const ratio = positive
    ? Math.exp(meanOf(steps))
    : meanOf(base) > 0
      ? meanOf(candidate) / meanOf(base)
      : null;
  if (pairs.length < MINIMUM_REPETITIONS) return { ...UNKNOWN, ratio };

  const interval = bootstrapMean(steps, random);
  const effect = positive ? Math.log1p(MINIMUM_EFFECT) : MINIMUM_DIFFERENCE;
  const verdict = trusted(metric, pairs, direction(interval, effect, metric.better));
  // There is no ratio to a repetition of 0; its interval is one of differences, and only its verdict is told.
  if (!positive) return { ratio, ciLow: null, ciHigh: null, verdict };
  return { ratio, ciLow: Math.exp(interval.low), ciHigh: Math.exp(interval.high), verdict };
}

/** What an interval of differences says when `effect` is the smallest that matters. */
function direction(
  { mean, low, high }: Interval,
  effect: number,
  better: Metric['better'],
): Comparison['verdict'] {
  if (low > -effect && high < effect) return 'same';
  const excludesNone = low > 0 || high < 0;
  if (!excludesNone || Math.abs(mean) < effect) return 'undecided';
  return mean < 0 === (better === 'lower') ? 'better' : 'worse';
}

/**
 * Takes a verdict back when the trials cannot carry it: when the generator was the bottleneck in any of them, and when
 * the quicker side is the one that failed more calls, whose errors may just have been answered fast.
 */
function trusted(
  metric: Metric,
  pairs: readonly Pair[],
  verdict: Comparison['verdict'],
): Comparison['verdict'] {
  if (pairs.some((pair) => pair.base.generator.bound || pair.candidate.generator.bound)) return 'undecided';
  if (!metric.flattered) return verdict;
  const moreErrors = meanOf(pairs.map((pair) => pair.candidate.calls.errorRate - pair.base.calls.errorRate));
  const flattered =
    (verdict === 'better' && moreErrors > COMPARABLE_ERRORS) ||
    (verdict === 'worse' && -moreErrors > COMPARABLE_ERRORS);
  return flattered ? 'undecided' : verdict;
}
