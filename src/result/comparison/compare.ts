/** @module Variants against the first one: ratios with intervals over repetitions, and what they allow to be said. */
import { hash32, type Random, randomAt } from '../../units/random.ts';
import type { Comparison, Repetition, VariantResult } from '../document.ts';
import { metricsOf, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import type { Metric } from '../measure/quantity.ts';
import { bootstrapMean, type Interval, meanOf } from './bootstrap.ts';

/** Differences below this share are not worth a word, however certain: `same`. */
const MINIMUM_EFFECT = 0.02;
/** The same for metrics that can be 0 (an error rate), as a difference: a tenth of a per cent of the calls. */
const MINIMUM_DIFFERENCE = 0.001;
/** With fewer pairs of repetitions nothing is decided. */
export const MINIMUM_REPETITIONS = 3;
/** A difference in error rates from which response times are those of different calls. */
const COMPARABLE_ERRORS = 0.01;

/**
 * Every variant but the first against the first, metric by metric. The repetition is the unit of observation, never the call
 * (calls of one run are not independent); repetitions are paired by index, since they ran side by side in time.
 * Interrupted repetitions are left out. Deterministic in `seed`.
 */
export function compareVariants(
  variants: readonly VariantResult[],
  seed: number,
  quantities: Quantities = QUANTITIES,
): Comparison[] {
  const [base, ...candidates] = variants;
  if (base === undefined) return [];
  const compared = metricsOf(quantities).filter(({ metric }) => metric.compared !== undefined);
  return candidates.flatMap((candidate) => {
    const pairs = pairUp(base, candidate);
    return compared.map((one) => {
      const index = hash32(`${one.path}\n${base.name}\n${candidate.name}`);
      const found = compare(one, pairs, randomAt(seed, 'bootstrap', index));
      return { metric: one.path, base: base.name, candidate: candidate.name, ...found };
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

function compare(one: QuantityMetric, pairs: readonly Pair[], random: Random): Finding {
  const base = pairs.flatMap((pair) => valueIn(pair.base, one) ?? []);
  const candidate = pairs.flatMap((pair) => valueIn(pair.candidate, one) ?? []);
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
  const verdict = trusted(one.metric, pairs, direction(interval, effect, one.metric.better));
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
  if (metric.compared !== 'with-like-failures') return verdict;
  const moreErrors = meanOf(pairs.map((pair) => pair.candidate.calls.errorRate - pair.base.calls.errorRate));
  const flattered =
    (verdict === 'better' && moreErrors > COMPARABLE_ERRORS) ||
    (verdict === 'worse' && -moreErrors > COMPARABLE_ERRORS);
  return flattered ? 'undecided' : verdict;
}
