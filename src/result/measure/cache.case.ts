/** @module Counts of caching for tests, from a few numbers. */
import type { CacheCounts, ChangeCounts, MethodCounts } from '../../recording/measure/cache-counts.ts';
import type { CacheReplayCounts, ReplayPoint } from '../../recording/measure/cache-replay.ts';
import type { Recording } from '../../recording/recording.ts';
import { seriesOf } from './auth.case.ts';

export const NO_FETCHES: MethodCounts['fetches'] = {
  off: 0,
  cold: 0,
  expired: 0,
  invalidated: 0,
  'not-kept': 0,
  evicted: 0,
  evidence: 0,
};

/** Lists of tools that nobody called, apart from `over`. */
export function methodCountsOf(over: Partial<MethodCounts> = {}): MethodCounts {
  const none = seriesOf([]);
  return {
    method: 'tools/list',
    hits: 0,
    waits: 0,
    stale: 0,
    fetches: NO_FETCHES,
    failed: 0,
    fetchedBytes: 0,
    sparedBytes: 0,
    listTime: none,
    originTime: none,
    age: none,
    ttl: { ok: 0, zero: 0, absent: 0, negative: 0, fractional: 0, malformed: 0, clamped: 0 },
    scope: { public: 0, private: 0, absent: 0, malformed: 0 },
    ttlMinMs: null,
    ttlMaxMs: null,
    largestBytes: 0,
    ...over,
  };
}

/** A change of the tools at one second that all instances had 10 ms later, and that concerned nobody. */
export function changeCountsOf(over: Partial<ChangeCounts> = {}): ChangeCounts {
  return {
    version: 1,
    event: 0,
    what: 'tools',
    notify: false,
    atUs: 1e6,
    confirmedUs: 10_000,
    answered: 0,
    old: 0,
    lastOldUs: null,
    agents: 0,
    reached: 0,
    lastAgentUs: null,
    steps: [],
    fanOut: seriesOf([]),
    ...over,
  };
}

/** Counts of caches at agents in which nothing happened, apart from `over`. */
function cacheCountsOf(over: Partial<CacheCounts> = {}): CacheCounts {
  return {
    honour: true,
    at: 'agent',
    methods: [],
    agentRatios: [],
    originSteps: [],
    cachedSteps: [],
    evicted: 0,
    invalidated: 0,
    pagesDropped: 0,
    uncheckedHits: 0,
    failedByStaleList: 0,
    changes: [],
    ...over,
  };
}

/** A lifetime under which half of 100 lookups are hits. */
export function replayPointOf(over: Partial<ReplayPoint> = {}): ReplayPoint {
  return {
    ttlMs: 1000,
    lookups: 100,
    hits: 50,
    fetches: 50,
    closedHits: 50,
    ageSumUs: 0,
    ageMaxUs: 0,
    peakPerStep: 10,
    ...over,
  };
}

/** `recording` with counts of caching and, where `points` are given, with a replay. */
export function withCache(
  recording: Recording,
  over: Partial<CacheCounts> = {},
  points?: CacheReplayCounts['points'],
): Recording {
  const cache = cacheCountsOf(over);
  const measures = { ...recording.measures, cache, ...(points && { cacheReplay: { at: cache.at, points } }) };
  return { ...recording, measures };
}
