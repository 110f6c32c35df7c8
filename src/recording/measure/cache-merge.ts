/** @module The counts of caching of several workers, or of several repetitions, as one. */
import { CACHEABLE_METHODS } from '../../protocol/caching/methods.ts';
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import { mergeSeries } from '../histogram.ts';
import {
  type CacheCounts,
  type ChangeCounts,
  FETCH_REASONS,
  type MethodCounts,
  type SubscriptionCounts,
} from './cache-counts.ts';

const SUMS = [
  'evicted',
  'invalidated',
  'pagesDropped',
  'uncheckedHits',
  'failedByStaleList',
] as const satisfies readonly (keyof CacheCounts)[];

/** Workers of one load. At least one. */
export function mergeCache(list: readonly CacheCounts[]): CacheCounts {
  const [first] = list;
  const subscriptions = list.flatMap((counts) => counts.subscriptions ?? []);
  return {
    honour: first!.honour,
    at: first!.at,
    methods: CACHEABLE_METHODS.flatMap((method) => {
      const same = list.flatMap(({ methods }) => methods.filter((one) => one.method === method));
      return same.length === 0 ? [] : [mergeMethod(same)];
    }),
    agentRatios: addSteps(list.map(({ agentRatios }) => agentRatios)),
    originSteps: addSteps(list.map(({ originSteps }) => originSteps)),
    cachedSteps: addSteps(list.map(({ cachedSteps }) => cachedSteps)),
    ...addCounts(SUMS, list),
    changes: mergeChanges(list.flatMap(({ changes }) => changes)),
    ...(subscriptions.length > 0 && { subscriptions: mergeSubscriptions(subscriptions) }),
  };
}

/** Repetitions: what is the most at one time is that of the repetition with the most. At least one. */
export function mergeCacheRepetitions(list: readonly CacheCounts[]): CacheCounts {
  const merged = mergeCache(list);
  const { subscriptions } = merged;
  const held = Math.max(...list.map((counts) => counts.subscriptions?.held ?? 0));
  return {
    ...merged,
    originPeak: Math.max(...list.map(originPeakOf)),
    ...(subscriptions && { subscriptions: { ...subscriptions, held } }),
  };
}

/** Requests to the origin in the busiest 100 ms of a repetition. */
export function originPeakOf({ originPeak, originSteps }: CacheCounts): number {
  return originPeak ?? originSteps.reduce((most, requests) => Math.max(most, requests), 0);
}

/** Counts by place, of lists that may differ in length. */
function addSteps(lists: readonly (readonly number[])[]): readonly number[] {
  const length = lists.reduce((most, list) => Math.max(most, list.length), 0);
  return Array.from({ length }, (_, place) => lists.reduce((sum, list) => sum + (list[place] ?? 0), 0));
}

function mergeMethod(list: readonly MethodCounts[]): MethodCounts {
  const [first] = list;
  const sumsOf = <Key extends string>(counts: (one: MethodCounts) => Readonly<Record<Key, number>>) =>
    addCounts(Object.keys(counts(first!)) as Key[], list.map(counts));
  return {
    method: first!.method,
    ...addCounts(['hits', 'waits', 'stale', 'failed', 'fetchedBytes', 'sparedBytes'], list),
    fetches: addCounts(
      FETCH_REASONS,
      list.map(({ fetches }) => fetches),
    ),
    listTime: mergeSeries(list.map(({ listTime }) => listTime)),
    originTime: mergeSeries(list.map(({ originTime }) => originTime)),
    age: mergeSeries(list.map(({ age }) => age)),
    ttl: sumsOf(({ ttl }) => ttl),
    scope: sumsOf(({ scope }) => scope),
    ttlMinMs: extreme(
      Math.min,
      list.map(({ ttlMinMs }) => ttlMinMs),
    ),
    ttlMaxMs: extreme(
      Math.max,
      list.map(({ ttlMaxMs }) => ttlMaxMs),
    ),
    largestBytes: Math.max(...list.map(({ largestBytes }) => largestBytes)),
  };
}

/** Equal versions as one, in their order. */
function mergeChanges(changes: readonly ChangeCounts[]): readonly ChangeCounts[] {
  const versions = [...new Set(changes.map(({ version }) => version))].sort((a, b) => a - b);
  return versions.map((version) => mergeChange(changes.filter((change) => change.version === version)));
}

function mergeChange(list: readonly ChangeCounts[]): ChangeCounts {
  const steps = list.flatMap((change) => change.steps);
  const places = [...new Set(steps.map(({ step }) => step))].sort((a, b) => a - b);
  return {
    ...list[0]!,
    atUs: Math.min(...list.map(({ atUs }) => atUs)),
    confirmedUs: Math.max(...list.map(({ confirmedUs }) => confirmedUs)),
    ...addCounts(['answered', 'old', 'agents', 'reached'], list),
    lastOldUs: extreme(
      Math.max,
      list.map(({ lastOldUs }) => lastOldUs),
    ),
    lastAgentUs: extreme(
      Math.max,
      list.map(({ lastAgentUs }) => lastAgentUs),
    ),
    steps: places.map((place) => ({
      step: place,
      ...addCounts(
        ['old', 'current'],
        steps.filter(({ step }) => step === place),
      ),
    })),
    fanOut: mergeSeries(list.map(({ fanOut }) => fanOut)),
  };
}

const SUBSCRIPTION_COUNTS = [
  'held',
  'refused',
  'reduced',
  'lost',
  'reopened',
  'notifications',
  'misaddressed',
] as const;

const mergeSubscriptions = (list: readonly SubscriptionCounts[]): SubscriptionCounts =>
  addCounts(SUBSCRIPTION_COUNTS, list);

function extreme(of: (...values: number[]) => number, values: readonly (number | null)[]): Micros | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : of(...known);
}
