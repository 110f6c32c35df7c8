/** @module The schema of the figures of caching: `summary.cache`. Null where something does not apply. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);
const us = z.int().min(0);
const share = z.number().min(0).max(1);

/** The calls of one method. */
const Method = z.object({
  calls: count,
  hits: count,
  /** Given from the answer to a fetch of another call. */
  waits: count,
  /** Of the failed fetches, those whose call was given from an entry that was not fresh any more. */
  stale: count,
  /** Requests that reached the origin, in all and by reason. */
  fetches: count,
  reasons: z.record(z.string(), count),
  failed: count,
  /** Share of the calls that were hits; null without calls. */
  hitRatio: share.nullable(),
  listTime: Distribution.nullable(),
  originTime: Distribution.nullable(),
  age: Distribution.nullable(),
  fetchedBytes: count,
  sparedBytes: count,
  largestBytes: count,
  /** The usable `ttlMs` of its answers; null without an answer. */
  ttlMs: z.object({ min: z.number(), max: z.number() }).nullable(),
  /** Answers by the form of their hints: `ok`, `zero`, `absent` ... */
  ttlForms: z.record(z.string(), count),
  scopes: z.record(z.string(), count),
});
export type CacheMethodFigures = z.infer<typeof Method>;

/** One change of the catalogue. */
const Change = z.object({
  what: z.string(),
  notify: z.boolean(),
  atMs: z.number(),
  confirmedUs: us,
  /** Calls answered after the confirmation, those with an older version, and when the last of these was. */
  answered: count,
  old: count,
  lastOldMs: z.number().nullable(),
  /** Agents with an older version when it was confirmed, those that got the new one, and when the last of these did. */
  agents: count,
  reached: count,
  lastAgentMs: z.number().nullable(),
  /** In steps of 100 ms from one second before. */
  steps: z.array(z.object({ atMs: z.int(), old: count, current: count })),
  fanOut: Distribution.nullable(),
});
export type CacheChangeFigures = z.infer<typeof Change>;

/** What would be with one lifetime, replayed from the calls of this run. */
const CurvePoint = z.object({
  ttlMs: z.number().min(0),
  hitRatio: share,
  /** Share of the calls for which nothing was fetched: hits, and calls that waited for the fetch of another. */
  avoided: share,
  /** Of the closed form; null where there is none for the arrivals. */
  closedForm: share.nullable(),
  originPerSecond: z.number().min(0),
  /** Of what calls were given: mean and largest age. */
  meanAgeMs: z.number().min(0),
  maxAgeMs: z.number().min(0),
  /** Fetches in the busiest 100 ms over their mean. */
  peakOverMean: z.number().min(0),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

/** The smallest lifetime within 2 % of the best saving, which is the largest share of calls for which nothing was fetched. */
const Recommendation = z.object({
  ttlMs: z.number().min(0),
  hitRatio: share,
  /** The saving of this lifetime, and the best that any lifetime of the curve reaches in this run. */
  avoided: share,
  best: share,
  /** The bound that the user gave (`cache.maxStale`), and whether it is what limits; null without one. */
  maxStaleMs: z.number().nullable(),
  isBounded: z.boolean(),
});

/** Both sides, as means over the pairs of repetitions, and the interval at 95 % of `value` less `base`; null with too few pairs. */
const Difference = z.object({
  base: z.number(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type CacheDifference = z.infer<typeof Difference>;

/** What caching gains against the base, which is the same load without it. */
const Gain = z.object({
  base: z.string(),
  /** Each pair of repetitions has the same arrivals. */
  pairs: count,
  originPerSecond: Difference,
  listP50Us: Difference.nullable(),
  listP99Us: Difference.nullable(),
  /** Of the calls that are no lists. */
  callP50Us: Difference.nullable(),
  callP99Us: Difference.nullable(),
  /** Processor time of the fleet and of an embedded balancer per second of the run, as a share of one core. */
  fleetCores: Difference.nullable(),
});
export type CacheGain = z.infer<typeof Gain>;

export const CacheFigures = z.object({
  honour: z.boolean(),
  at: z.string(),
  hits: count,
  /** Calls that were not given from a cache. */
  misses: count,
  hitRatio: share.nullable(),
  byMethod: z.record(z.string(), Method),
  /** Requests that reached the origin, and how many fewer they were than the calls. Requests that no call asked for (after evidence of a stale list) reached it, too. */
  originCalls: count,
  originCallsAvoided: count,
  originPerSecond: z.number().min(0),
  bytesAvoided: count,
  listTime: Distribution.nullable(),
  originTime: Distribution.nullable(),
  /** The oldest that a cache gave; null without hits, and where the age is unknown. */
  ageServedMaxMs: z.number().nullable(),
  /** Share of the answers after a change that were older than it; null without a change. */
  servedAfterChange: share.nullable(),
  /** From a change to the last answer that was older than it; null without a change. */
  staleMaxMs: z.number().nullable(),
  /** From a change until the last agent had the new version; null when not all did. */
  lastAgentMs: z.number().nullable(),
  /** Requests to the origin in the busiest 100 ms over their mean. */
  peakOverMean: z.number().min(0).nullable(),
  peakPerSecond: z.number().min(0).nullable(),
  /** When these 100 ms begin, from the start of the measured time. */
  peakAtMs: z.number().min(0).nullable(),
  /** p99 response time of calls that were sent and ended within 200 ms from the busiest 100 ms on, and that of all others; null with too few of them. */
  atPeak: z.object({ atMs: z.number(), p99Us: us, otherP99Us: us }).nullable(),
  failedByStaleList: count,
  uncheckedHits: count,
  evicted: count,
  invalidated: count,
  pagesDropped: count,
  /** Hit ratios of agents: those at these percentiles; null with fewer than two agents. */
  agentRatios: z.object({ p5: share, p50: share, p95: share }).nullable(),
  /** Per 100 ms from the start of the measured time, all repetitions together. */
  originSteps: z.array(count),
  cachedSteps: z.array(count),
  changes: z.array(Change),
  subscriptions: z
    .object({
      held: count,
      refused: count,
      reduced: count,
      lost: count,
      reopened: count,
      notifications: count,
      misaddressed: count,
    })
    .nullable(),
  /** Empty where no log of the calls was kept. */
  curve: z.array(CurvePoint),
  recommendation: Recommendation.nullable(),
  gain: Gain.nullable(),
});
export type CacheFigures = z.infer<typeof CacheFigures>;
