/** @module What is said of caching only when all variants are measured: which lifetime to set, and what is gained against the same load without caching. */
import { isCacheable } from '../../protocol/caching/methods.ts';
import { decodeHistogram, emptyHistogram, interpolatedPercentile } from '../../recording/histogram.ts';
import { type Millis, SECOND } from '../../units/time.ts';
import type { Repetition, VariantResult } from '../document.ts';
import type { CacheDifference, CacheFigures, CacheGain, CurvePoint } from '../measure/cache-figures.ts';
import { isSupported } from '../measure/distribution.ts';
import { callSeries, partSeries } from '../measure/quantity.ts';
import { okResponseTime } from '../measure/times.ts';
import { meanOf } from '../statistics/mean.ts';
import { differenceOverPairs, type RepetitionPair, repetitionPairs } from './added.ts';

/** The variants with these conclusions in the summaries of those with calls whose results can be kept; the others as they are. */
export function withCacheConclusions(variants: readonly VariantResult[]): VariantResult[] {
  return variants.map((variant) => {
    const { summary, settings } = variant;
    const figures = summary?.cache;
    if (summary === null || figures === undefined) return variant;
    const maxStaleUs = settings.effective?.cache?.maxStaleUs;
    const recommendation = recommended(figures.curve, maxStaleUs === undefined ? null : maxStaleUs / 1000);
    const gain = gainOf(variant, uncachedBase(variant, variants));
    const cache = { ...figures, ...busiest(variant, figures), recommendation, gain };
    return { ...variant, summary: { ...summary, cache } };
  });
}

type Peak = Pick<CacheFigures, 'peakOverMean' | 'peakPerSecond' | 'peakAtMs' | 'atPeak'>;

/** The peak of the repetition with the highest one, over the mean of that repetition, and what its calls took then. */
function busiest({ repetitions }: VariantResult, figures: Peak): Peak {
  const peaks = repetitions.flatMap(({ cache }) => cache ?? []);
  const { peakOverMean, peakPerSecond, peakAtMs, atPeak } = peaks.reduce<Peak>(
    (most, each) => ((each.peakPerSecond ?? 0) > (most.peakPerSecond ?? 0) ? each : most),
    peaks[0] ?? figures,
  );
  return { peakOverMean, peakPerSecond, peakAtMs, atPeak };
}

/** What is as good as the best. */
const ENOUGH = 0.98;

/** Null without a curve, and where no lifetime saves anything. */
function recommended(
  curve: readonly CurvePoint[],
  maxStaleMs: Millis | null,
): CacheFigures['recommendation'] {
  const best = curve.reduce((most, { avoided }) => Math.max(most, avoided), 0);
  const enough = curve.find(({ avoided }) => avoided >= ENOUGH * best);
  if (best === 0 || enough === undefined) return null;
  const isBounded = maxStaleMs !== null && enough.ttlMs > maxStaleMs;
  // The bound is a point of the curve.
  const chosen = isBounded ? curve.findLast(({ ttlMs }) => ttlMs <= maxStaleMs) : enough;
  if (chosen === undefined) return null;
  const { ttlMs, hitRatio, avoided } = chosen;
  return { ttlMs, hitRatio, avoided, best, maxStaleMs, isBounded };
}

/** The base that `variant` is compared with (the first variant where it names none), if nothing is kept in that; undefined otherwise. */
function uncachedBase(variant: VariantResult, variants: readonly VariantResult[]): VariantResult | undefined {
  const base = variant.base === undefined ? variants[0] : variants.find(({ name }) => name === variant.base);
  const figures = base?.summary?.cache;
  return base === variant || figures === undefined || keeps(figures) ? undefined : base;
}

/** Whether results are kept, and may be. */
function keeps({ honour, byMethod }: CacheFigures): boolean {
  return honour && Object.values(byMethod).some(({ hits, ttlMs }) => hits > 0 || (ttlMs?.max ?? 0) > 0);
}

function gainOf(variant: VariantResult, base: VariantResult | undefined): CacheGain | null {
  if (base === undefined) return null;
  const pairs = repetitionPairs(base, variant);
  const originPerSecond = differenceOf(pairs, ({ cache }) => cache?.originPerSecond);
  if (originPerSecond === null) return null;
  return {
    base: base.name,
    pairs: pairs.length,
    originPerSecond,
    listP50Us: differenceOf(pairs, (repetition) => listTime(repetition, 50)),
    listP99Us: differenceOf(pairs, (repetition) => listTime(repetition, 99)),
    callP50Us: differenceOf(pairs, (repetition) => callTime(repetition, 50)),
    callP99Us: differenceOf(pairs, (repetition) => callTime(repetition, 99)),
    fleetCores: differenceOf(pairs, fleetCores),
  };
}

type FigureOf = (repetition: Repetition) => number | null | undefined;

/** Null where no pair has the figure. */
function differenceOf(pairs: readonly RepetitionPair[], figureOf: FigureOf): CacheDifference | null {
  const difference = differenceOverPairs(pairs, figureOf);
  if (difference === undefined) return null;
  const known = pairs.filter((pair) => pair.every((one) => typeof figureOf(one) === 'number'));
  const base = meanOf(known.map(([before]) => figureOf(before)!));
  const { mean, interval } = difference;
  return { base, value: base + mean, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** A percentile of the time of calls whose results can be kept, hits included. */
function listTime({ histograms }: Repetition, percentile: number): number | undefined {
  const encoded = histograms[partSeries('cache', 'listTime')];
  return encoded === undefined ? undefined : percentileOf([encoded], percentile);
}

/** A percentile of the response times of the other calls that ended ok. */
function callTime({ histograms, byCall }: Repetition, percentile: number): number | undefined {
  const others = Object.keys(byCall).filter((name) => !isCacheable(name.split(' ', 1)[0]!));
  const encoded = others.flatMap((name) => histograms[callSeries(okResponseTime.name, name)] ?? []);
  return percentileOf(encoded, percentile);
}

/** Of all histograms together; undefined of too few times. */
function percentileOf(encoded: readonly string[], percentile: number): number | undefined {
  const all = emptyHistogram(3);
  for (const each of encoded) all.add(decodeHistogram(each));
  return isSupported(percentile, all.totalCount) ? interpolatedPercentile(all, percentile) : undefined;
}

/** Processor time of the fleet and of an embedded balancer, which may hold the cache, per second, in cores. Both the rate and the time per call are of the calls answered in the measured time. */
function fleetCores({ fleetCpu, rate }: Repetition): number | undefined {
  if (fleetCpu === undefined) return undefined;
  const usPerCall = fleetCpu.usPerCall + (fleetCpu.balancerUsPerCall ?? 0);
  return (usPerCall * rate.achievedPerSecond) / SECOND;
}
