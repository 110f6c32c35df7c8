/** @module The quantity `cache`: what caches gave, what that spared the origin, how old it was, and what followed changes of the catalogue. */

import { mergeSeries, type Series } from '../../recording/histogram.ts';
import { cache as measure } from '../../recording/measure/cache.ts';
import type { CacheCounts, MethodCounts } from '../../recording/measure/cache-counts.ts';
import { originPeakOf } from '../../recording/measure/cache-merge.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import { changeFigures, staleness } from './cache-changes.ts';
import { curveFigures } from './cache-curve.ts';
import { CacheFigures, type CacheMethodFigures } from './cache-figures.ts';
import { CACHE_METRICS } from './cache-metrics.ts';
import { timesAtPeak } from './cache-peak.ts';
import { type Distribution, distribution } from './distribution.ts';
import type { PartTimes, Quantity } from './quantity.ts';

/** Of the peak of requests. */
const STEP: Micros = SECOND / 10;

/** Null without times. */
const timesOf = (series: Series): Distribution | null => (series.count === 0 ? null : distribution(series));

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Requests that reached the origin for a method, and calls of it. */
function requestsOf({ hits, waits, fetches }: MethodCounts): {
  readonly fetched: number;
  readonly calls: number;
} {
  const fetched = sumOf(fetches);
  return { fetched, calls: hits + waits + fetched - fetches.evidence };
}

function methodFigures(counts: MethodCounts): CacheMethodFigures {
  const { hits, waits, stale, failed, fetchedBytes, sparedBytes, largestBytes, ttlMinMs, ttlMaxMs } = counts;
  const { fetched, calls } = requestsOf(counts);
  return {
    calls,
    hits,
    waits,
    stale,
    fetches: fetched,
    reasons: withoutZeros(counts.fetches),
    failed,
    hitRatio: calls === 0 ? null : hits / calls,
    listTime: timesOf(counts.listTime),
    originTime: timesOf(counts.originTime),
    age: timesOf(counts.age),
    fetchedBytes,
    sparedBytes,
    largestBytes,
    ttlMs: ttlMinMs === null || ttlMaxMs === null ? null : { min: ttlMinMs, max: ttlMaxMs },
    ttlForms: withoutZeros(counts.ttl),
    scopes: withoutZeros(counts.scope),
  };
}

const withoutZeros = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** The series of all methods as one. */
const seriesOf = ({ methods }: CacheCounts, key: 'listTime' | 'originTime' | 'age'): Series =>
  mergeSeries(methods.map((method) => method[key]));

/** The figures of one recording. What takes other variants or the curve is filled in by `comparison/cache-conclusions.ts`. */
function figuresOf(recording: Recording, counts: CacheCounts): CacheFigures {
  const { measuredUs } = recording;
  const byMethod = Object.fromEntries(counts.methods.map((one) => [one.method, methodFigures(one)]));
  const all = Object.values(byMethod);
  const totalOf = (key: 'calls' | 'hits' | 'waits' | 'fetches' | 'sparedBytes'): number =>
    all.reduce((sum, method) => sum + method[key], 0);
  const [calls, hits, originCalls] = [totalOf('calls'), totalOf('hits'), totalOf('fetches')];
  const perStep = measuredUs === 0 ? 0 : (originCalls * STEP) / measuredUs;
  const age = seriesOf(counts, 'age');
  const changes = counts.changes.map((change) => changeFigures(change));
  return {
    honour: counts.honour,
    at: counts.at,
    hits,
    misses: calls - hits,
    hitRatio: calls === 0 ? null : hits / calls,
    byMethod,
    originCalls,
    originCallsAvoided: Math.max(0, calls - originCalls),
    originPerSecond: perStep * (SECOND / STEP),
    bytesAvoided: totalOf('sparedBytes'),
    listTime: timesOf(seriesOf(counts, 'listTime')),
    originTime: timesOf(seriesOf(counts, 'originTime')),
    ageServedMaxMs: age.count === 0 ? null : age.maxUs / 1000,
    ...staleness(changes),
    peakOverMean: perStep === 0 ? null : originPeakOf(counts) / perStep,
    peakPerSecond: perStep === 0 ? null : originPeakOf(counts) * (SECOND / STEP),
    peakAtMs: peakAt(counts.originSteps),
    atPeak: timesAtPeak(recording, counts.originSteps),
    failedByStaleList: counts.failedByStaleList,
    uncheckedHits: counts.uncheckedHits,
    evicted: counts.evicted,
    invalidated: counts.invalidated,
    pagesDropped: counts.pagesDropped,
    agentRatios: agentRatios(counts.agentRatios),
    originSteps: [...counts.originSteps],
    cachedSteps: [...counts.cachedSteps],
    changes,
    subscriptions: counts.subscriptions ?? null,
    curve: curveFigures(recording),
    recommendation: null,
    gain: null,
  };
}

function peakAt(steps: readonly number[]): number | null {
  const most = Math.max(0, ...steps);
  return most === 0 ? null : steps.indexOf(most) * (STEP / 1000);
}

/** Percentiles of the hit ratios of agents (nearest rank); null with fewer than two. */
function agentRatios(counts: readonly number[]): CacheFigures['agentRatios'] {
  const agents = counts.reduce((sum, count) => sum + count, 0);
  if (agents < 2) return null;
  const upTo = counts.map((_, ratio) => counts.slice(0, ratio + 1).reduce((sum, count) => sum + count, 0));
  const at = (percentile: number): number => {
    const rank = Math.ceil((percentile / 100) * agents);
    return upTo.findIndex((count) => count >= rank) / 100;
  };
  return { p5: at(5), p50: at(50), p95: at(95) };
}

const part = (key: 'listTime' | 'originTime', word: string, absent: string): PartTimes<CacheFigures> => ({
  key,
  word,
  series(recording) {
    const counts = countsOf(recording, measure);
    return counts && seriesOf(counts, key);
  },
  read: (figures) => figures[key],
  absent,
});

/** Absent of loads without a call whose result can be kept. */
export const cache: Quantity<'cache', CacheFigures | undefined> = {
  name: 'cache',
  schema: CacheFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts && figuresOf(recording, counts);
  },
  metrics: CACHE_METRICS,
  parts: [
    {
      ...part('listTime', 'list_time', 'no list, discovery or read of a resource was answered'),
      fromServer: true,
    },
    part('originTime', 'origin_time', 'no list, discovery or read of a resource was fetched'),
  ],
};
