/** @module What was recorded, as a plain value: it survives `structuredClone` and JSON, and merges without loss. */
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';
import { mergeBuckets, type RecordedBucket } from './buckets.ts';
import { type DetailCount, mergeDetails } from './details.ts';
import { emptySeries, mergeSeries, type Series } from './histogram.ts';
import { mergeWindows, type RecordedWindow } from './windows.ts';

/** What became of the sessions of all agents. As in the result file; docs/decisions/0005-owner-hits.md. */
export interface SessionCounts {
  readonly opened: number;
  readonly lost: number;
  readonly reinitialised: number;
  readonly failed: number;
  readonly handshakesBroken: number;
  readonly streamsOpened: number;
  readonly streamsRefused: number;
  readonly ownerHits: number;
  readonly ownerCalls: number;
  readonly callsOnOwner: number;
  readonly callsInSession: number;
  /** What opening them took. */
  readonly handshakes?: RecordedHandshakes;
}

/**
 * `initialize` and `notifications/initialized` of sessions that measured calls opened: for want of one, or in place of one that
 * they found lost.
 */
interface RecordedHandshakes {
  readonly requests: number;
  /** Service times, added up. */
  readonly timeUs: Micros;
  /** How long measured calls waited for a session. It is in their service times. */
  readonly waitedUs: Micros;
  /** The same of all other sessions: opened before the load and in the warm-up. */
  readonly before: { readonly requests: number; readonly timeUs: Micros };
  /** From the answer that told a measured call to the session that took the lost one's place. */
  readonly reopen: Series;
}

/** One kind of call of the mix. `due = dropped + done`. */
export interface RecordedCall {
  readonly name: string;
  readonly due: number;
  readonly dropped: number;
  readonly done: number;
  readonly ok: number;
  readonly responseTime: Series;
  readonly serviceTime: Series;
}

/** One instance. `calls` counts every call that it answered, whatever the outcome. */
interface RecordedInstance {
  readonly name: string;
  readonly calls: number;
  readonly responseTime: Series;
}

export interface Recording {
  /** Length of the measured time; of several repetitions, all of them together. */
  readonly measuredUs: Micros;
  /** Answered calls that ended within the measured time, whenever they were due (docs/decisions/0003-achieved-rate.md). */
  readonly answeredInTime: number;
  /** Calls by how they ended; the sum is the number of sent calls. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly details: readonly DetailCount[];
  readonly sendLag: Series;
  /** In the order of the mix. Response and service times of all calls together are the merged ones of these. */
  readonly byCall: readonly RecordedCall[];
  /** In the order of the names. */
  readonly byInstance: readonly RecordedInstance[];
  /** Null in an era without sessions. */
  readonly sessions: SessionCounts | null;
  /** From the start of the measured time, one a second. Of several repetitions, added up second by second. */
  readonly windows: readonly RecordedWindow[];
  /** Tenths of a second, when there are faults to be measured. */
  readonly buckets?: readonly RecordedBucket[];
}

/** Shards of one measured time (worker threads) as one: what a single recorder of all calls would have recorded. At least one. */
export function mergeRecordings(shards: readonly Recording[]): Recording {
  return merge(
    shards,
    shards.reduce((max, shard) => Math.max(max, shard.measuredUs), 0),
  );
}

/** Repetitions, one after the other, as one: counts, times and measured times add up, so rates stay rates. At least one. */
export function mergeRepetitions(repetitions: readonly Recording[]): Recording {
  return merge(
    repetitions,
    repetitions.reduce((sum, repetition) => sum + repetition.measuredUs, 0),
  );
}

/**
 * The recording with an entry for each of `instances` (the names by which they answer): one that answered no call has 0, and
 * weighs in the balance. Without it a fleet with a dead or idle instance looks evenly loaded.
 */
export function withInstances(recording: Recording, instances: readonly string[]): Recording {
  const seen = new Set(recording.byInstance.map(({ name }) => name));
  const idle = instances.filter((name) => !seen.has(name));
  return {
    ...recording,
    byInstance: [
      ...recording.byInstance,
      ...idle.map((name) => ({ name, calls: 0, responseTime: emptySeries() })),
    ].sort(byText),
  };
}

function merge(list: readonly Recording[], measuredUs: Micros): Recording {
  if (list.length === 0) throw new RangeError('nothing to merge: at least one recording is needed');
  const sessions = list.flatMap((recording) => recording.sessions ?? []);
  const buckets = list.flatMap((recording) => (recording.buckets === undefined ? [] : [recording.buckets]));
  return {
    measuredUs,
    answeredInTime: list.reduce((sum, recording) => sum + recording.answeredInTime, 0),
    outcomes: add(
      OUTCOMES,
      list.map((recording) => recording.outcomes),
    ),
    details: mergeDetails(list.map((recording) => recording.details)),
    sendLag: mergeSeries(list.map((recording) => recording.sendLag)),
    byCall: byName(list.flatMap((recording) => recording.byCall)).map(mergeCalls),
    byInstance: byName(list.flatMap((recording) => recording.byInstance))
      .map(mergeInstances)
      .sort(byText),
    sessions: sessions.length === 0 ? null : mergeSessions(sessions),
    windows: mergeWindows(list.map((recording) => recording.windows)),
    ...(buckets.length > 0 && { buckets: mergeBuckets(buckets) }),
  };
}

const SESSION_COUNTS = [
  'opened',
  'lost',
  'reinitialised',
  'failed',
  'handshakesBroken',
  'streamsOpened',
  'streamsRefused',
  'ownerHits',
  'ownerCalls',
  'callsOnOwner',
  'callsInSession',
] as const satisfies readonly (keyof SessionCounts)[];

function mergeSessions(sessions: readonly SessionCounts[]): SessionCounts {
  const handshakes = sessions.flatMap((counts) => counts.handshakes ?? []);
  if (handshakes.length === 0) return add(SESSION_COUNTS, sessions);
  return {
    ...add(SESSION_COUNTS, sessions),
    handshakes: {
      ...add(['requests', 'timeUs', 'waitedUs'], handshakes),
      before: add(
        ['requests', 'timeUs'],
        handshakes.map(({ before }) => before),
      ),
      reopen: mergeSeries(handshakes.map((each) => each.reopen)),
    },
  };
}

function mergeCalls(calls: readonly RecordedCall[]): RecordedCall {
  return {
    name: calls[0]!.name,
    ...add(['due', 'dropped', 'done', 'ok'], calls),
    responseTime: mergeSeries(calls.map((call) => call.responseTime)),
    serviceTime: mergeSeries(calls.map((call) => call.serviceTime)),
  };
}

function mergeInstances(instances: readonly RecordedInstance[]): RecordedInstance {
  return {
    name: instances[0]!.name,
    ...add(['calls'], instances),
    responseTime: mergeSeries(instances.map((instance) => instance.responseTime)),
  };
}

/** In the order of code units: the same on every machine. */
export function byText(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** Sums, key by key. */
function add<K extends string>(
  keys: readonly K[],
  list: readonly Readonly<Record<K, number>>[],
): Record<K, number> {
  return Object.fromEntries(
    keys.map((key) => [key, list.reduce((sum, counts) => sum + counts[key], 0)]),
  ) as Record<K, number>;
}

/** Groups of equal names, in the order of their first appearance. */
function byName<T extends { readonly name: string }>(list: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const entry of list) {
    const group = groups.get(entry.name);
    if (group) group.push(entry);
    else groups.set(entry.name, [entry]);
  }
  return [...groups.values()];
}
