/** @module Variants against their bases: ratios with intervals over repetitions, and what they allow to be said. */
import { hash32, type Random, randomAt } from '../../units/random.ts';
import { type Comparison, MINIMUM_REPETITIONS, type Repetition, type VariantResult } from '../document.ts';
import { metricsOf, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import type { Metric } from '../measure/quantity.ts';
import { bootstrapMean, type Interval, meanOf } from './bootstrap.ts';

/** Differences below this share are not worth a word, however certain: `same`. */
const MINIMUM_EFFECT = 0.02;
/** The same for metrics that can be 0 (an error rate), as a difference: a tenth of a per cent of the calls. */
const MINIMUM_DIFFERENCE = 0.001;

/** A difference in error rates from which response times are those of different calls. */
const COMPARABLE_ERRORS = 0.01;

/**
 * Every variant against its base (the first variant where it names none), metric by metric. The repetition is the unit of
 * observation, never the call (calls of one run are not independent); repetitions are paired by index, since they ran side by side
 * in time. Interrupted repetitions are left out. A variant whose base is not among `variants` is not compared. Deterministic in `seed`.
 */
export function compareVariants(
  variants: readonly VariantResult[],
  seed: number,
  quantities: Quantities = QUANTITIES,
): Comparison[] {
  return variants.flatMap((candidate, place) => {
    const { base } = candidate;
    const at = base === undefined ? 0 : variants.findIndex(({ name }) => name === base);
    return at < 0 || at === place ? [] : comparePair(variants[at]!, candidate, seed, quantities);
  });
}

/** One variant against another, as {@link compareVariants} does it. */
export function comparePair(
  base: VariantResult,
  candidate: VariantResult,
  seed: number,
  quantities: Quantities = QUANTITIES,
): readonly Comparison[] {
  const pairs = pairUp(base, candidate);
  const compared = metricsOf(quantities).filter(({ metric }) => metric.compared !== undefined);
  return compared.map((one) => {
    const index = hash32(`${one.path}\n${base.name}\n${candidate.name}`);
    return {
      metric: one.path,
      base: base.name,
      candidate: candidate.name,
      ...compare(one, pairs, randomAt(seed, 'bootstrap', index)),
      repetitions: pairs.length,
      alike: base.caveats.length === 0 && candidate.caveats.length === 0,
    };
  });
}

/** A repetition of two variants. */
interface Pair {
  readonly base: Repetition;
  readonly candidate: Repetition;
}

/** The repetitions that both have and that ran to the end. */
function pairUp(base: VariantResult, candidate: VariantResult): readonly Pair[] {
  return base.repetitions.flatMap((one) => {
    const other = candidate.repetitions.find(({ index }) => index === one.index);
    return one.complete && other?.complete ? [{ base: one, candidate: other }] : [];
  });
}

type Decision = Pick<Comparison, 'verdict' | 'because'>;
type Found = Pick<Comparison, 'ratio' | 'ciLow' | 'ciHigh'> & Decision;

const undecided = (because: NonNullable<Comparison['because']>): Decision => ({
  verdict: 'undecided',
  because,
});
const UNKNOWN = { ratio: null, ciLow: null, ciHigh: null } as const;

function compare(one: QuantityMetric, pairs: readonly Pair[], random: Random): Found {
  const base = pairs.flatMap((pair) => valueIn(pair.base, one) ?? []);
  const candidate = pairs.flatMap((pair) => valueIn(pair.candidate, one) ?? []);
  const isEnough = pairs.length >= MINIMUM_REPETITIONS;
  if (pairs.length === 0 || base.length < pairs.length || candidate.length < pairs.length)
    return { ...UNKNOWN, ...undecided(isEnough ? 'no-samples' : 'too-few-repetitions') };
  const positive = [...base, ...candidate].every((value) => value > 0);
  const steps = base.map((value, index) =>
    positive ? Math.log(candidate[index]! / value) : candidate[index]! - value,
  );
  const ratio = positive
    ? Math.exp(meanOf(steps))
    : meanOf(base) > 0
      ? meanOf(candidate) / meanOf(base)
      : null;
  if (!isEnough) return { ...UNKNOWN, ratio, ...undecided('too-few-repetitions') };

  const interval = bootstrapMean(steps, random);
  const effect = positive ? Math.log1p(MINIMUM_EFFECT) : MINIMUM_DIFFERENCE;
  const decision = trusted(one.metric, pairs, direction(interval, effect, one.metric.better));
  // There is no ratio to a repetition of 0; its interval is one of differences, and only its verdict is given.
  if (!positive) return { ...UNKNOWN, ratio, ...decision };
  return { ratio, ciLow: Math.exp(interval.low), ciHigh: Math.exp(interval.high), ...decision };
}

/** What an interval of differences says when `effect` is the smallest that matters. */
function direction({ mean, low, high }: Interval, effect: number, better: Metric['better']): Decision {
  if (low > -effect && high < effect) return { verdict: 'same', because: null };
  const excludesNone = low > 0 || high < 0;
  if (!excludesNone || Math.abs(mean) < effect) return undecided('wide-interval');
  return { verdict: mean < 0 === (better === 'lower') ? 'better' : 'worse', because: null };
}

/**
 * Takes a verdict back when the trials cannot carry it: when the generator was the bottleneck in any of them, and when
 * the quicker side is the one that failed more calls, whose errors may just have been answered fast.
 */
function trusted(metric: Metric, pairs: readonly Pair[], decision: Decision): Decision {
  if (pairs.some((pair) => pair.base.generator.bound || pair.candidate.generator.bound))
    return undecided('generator-bound');
  if (metric.compared !== 'with-like-failures') return decision;
  const moreErrors = meanOf(pairs.map((pair) => pair.candidate.calls.errorRate - pair.base.calls.errorRate));
  const isFlattered =
    (decision.verdict === 'better' && moreErrors > COMPARABLE_ERRORS) ||
    (decision.verdict === 'worse' && -moreErrors > COMPARABLE_ERRORS);
  return isFlattered ? undecided('unlike-failures') : decision;
}
