/** @module The counts of the measure `cache`: what was given from caches, what was fetched and why, how old it was, and what followed changes of the catalogue. Plain data. */
import type { ScopeForm, TtlForm } from '../../protocol/caching/hints.ts';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import type { Micros } from '../../units/time.ts';
import type { Series } from '../histogram.ts';

/** Why a call was fetched from the origin. */
export const FETCH_REASONS = [
  /** Nothing is kept (`honour: false`). */
  'off',
  /** Nothing was kept for it yet, or it was kept for another authorization context. */
  'cold',
  'expired',
  /** A notification, a lost stream or evidence had made it stale. */
  'invalidated',
  /** What was fetched before may not be kept: `ttlMs` 0, absent or malformed, or a result that is not complete. */
  'not-kept',
  /** It had made room for another entry. */
  'evicted',
  /** No call asked for it: an error gave evidence that the list is stale. */
  'evidence',
] as const;
export type FetchReason = (typeof FETCH_REASONS)[number];

/** The calls of one method. Every call is in exactly one of `hits`, `waits` and `fetches`, which has also those of the reason `evidence`. */
export interface MethodCounts {
  readonly method: CacheableMethod;
  /** Given from a fresh entry, at the agent or at the gateway. */
  readonly hits: number;
  /** Given from the answer to a fetch that another call had begun. */
  readonly waits: number;
  /** Of the failed fetches, those whose call was given from an entry that was not fresh. */
  readonly stale: number;
  /** Requests that reached the origin, by the reason; a failed one is among them. */
  readonly fetches: Readonly<Record<FetchReason, number>>;
  /** Of the fetches, those that failed. */
  readonly failed: number;
  /** Bytes of the JSON text of fetched answers, and of those that hits, waits and stale ones spared. */
  readonly fetchedBytes: number;
  readonly sparedBytes: number;
  /** Time of the call as the agent feels it, hits included; time of a fetch. */
  readonly listTime: Series;
  readonly originTime: Series;
  /** Age of what hits gave; empty where it is unknown. */
  readonly age: Series;
  /** Hints of fetched answers by their form. */
  readonly ttl: Readonly<Record<TtlForm, number>>;
  readonly scope: Readonly<Record<ScopeForm, number>>;
  /** The smallest and the largest usable `ttlMs`; null without an answer. */
  readonly ttlMinMs: number | null;
  readonly ttlMaxMs: number | null;
  /** Bytes of the largest answer. */
  readonly largestBytes: number;
}

/** One change of the catalogue and what agents had afterwards. */
export interface ChangeCounts {
  readonly version: number;
  readonly event: number;
  readonly what: string;
  readonly notify: boolean;
  /** When it began, from the start of the measured time; and from then to its confirmation. */
  readonly atUs: Micros;
  readonly confirmedUs: Micros;
  /** Calls of its methods that were answered after the confirmation, and those of them that gave an older version. */
  readonly answered: number;
  readonly old: number;
  /** From the confirmation to the last call that gave an older version; null when none did. */
  readonly lastOldUs: Micros | null;
  /** Agents that had an older version when it was confirmed, those that had this one by the end, and when the last of these got it. */
  readonly agents: number;
  readonly reached: number;
  readonly lastAgentUs: Micros | null;
  /** In steps of 100 ms from one second before `atUs`: answers with an older version, and with this or a later one. */
  readonly steps: readonly { readonly step: number; readonly old: number; readonly current: number }[];
  /** From the beginning to the notification at each agent. */
  readonly fanOut: Series;
}

/** Streams on which agents are told of changes, from the opening of the agents to the end of the load. */
export interface SubscriptionCounts {
  /** The most that were open at the same time. */
  readonly held: number;
  readonly refused: number;
  /** Acknowledged without a filter that was asked for. */
  readonly reduced: number;
  readonly lost: number;
  readonly reopened: number;
  readonly notifications: number;
  /** Messages that named another subscription, or none: they were ignored. */
  readonly misaddressed: number;
}

/** Counts of the measured time. */
export interface CacheCounts {
  readonly honour: boolean;
  readonly at: 'agent' | 'gateway';
  readonly methods: readonly MethodCounts[];
  /** Agents by the share of their calls that were hits, in steps of 1 %: index 0 to 100. */
  readonly agentRatios: readonly number[];
  /** Requests to the origin by the time they were sent, in steps of 100 ms from the start of the measured time; of several repetitions, added up step by step. */
  readonly originSteps: readonly number[];
  /** The most of them in one step of a repetition. Absent: of one repetition, the largest of {@link originSteps}. */
  readonly originPeak?: number;
  /** Calls that were given from a cache, in the same steps. */
  readonly cachedSteps: readonly number[];
  readonly evicted: number;
  readonly invalidated: number;
  /** Times that all pages of a list were dropped because a cursor was invalid. */
  readonly pagesDropped: number;
  /** Hits that the check of the instances never saw, because a cache before them answered. */
  readonly uncheckedHits: number;
  /** Calls of a tool that failed for an agent whose list was older than the catalogue. */
  readonly failedByStaleList: number;
  readonly changes: readonly ChangeCounts[];
  /** Absent where agents hold no streams. */
  readonly subscriptions?: SubscriptionCounts;
}
