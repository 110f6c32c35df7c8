/** @module A recording as plain data: it survives `structuredClone` and JSON, and merges without loss. */
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';
import { mergeBuckets, type RecordedBucket } from './buckets.ts';
import { addCounts } from './counts.ts';
import { type DetailCount, mergeDetails } from './details.ts';
import { mergeSeries, type Series } from './histogram.ts';
import { auth } from './measure/auth.ts';
import { withoutInstanceNames } from './measure/auth-merge.ts';
import { mergeCalls, type RecordedCall } from './measure/calls.ts';
import { mergeInstances, type RecordedInstance, withIdle } from './measure/instances.ts';
import type { Measure } from './measure/measure.ts';
import { MEASURES } from './measure/measures.ts';
import { sessions, withoutOwners } from './measure/sessions.ts';
import { slowest, withoutAnsweredBy } from './measure/slowest.ts';
import { mergeWindows, type RecordedWindow } from './windows.ts';

export interface Recording {
  /** Length of the measured time; of several repetitions, all of them together. */
  readonly measuredUs: Micros;
  /** How many repetitions it is of; absent: one. */
  readonly repetitions?: number;
  /** Calls that fell due within the measured time, whenever their flow was due. Absent from older recordings. */
  readonly dueInTime?: number;
  /** Answered calls that ended within the measured time, whenever they were due (docs/decisions/0003-achieved-rate.md). */
  readonly answeredInTime: number;
  /** Those of them that ended `ok`. */
  readonly okInTime: number;
  /** Calls by how they ended; the sum is the number of sent calls. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Of these, planted misuse that was refused, which is how it should end. Absent where there was none. */
  readonly misuseRefused?: Readonly<Partial<Record<Outcome, number>>>;
  readonly details: readonly DetailCount[];
  readonly sendLag: Series;
  /** In the order of the mix. Response and service times of all calls together are the merged ones of these. */
  readonly byCall: readonly RecordedCall[];
  /** In the order of the names. */
  readonly byInstance: readonly RecordedInstance[];
  /** From the start of the measured time, one a second. Of several repetitions, added up second by second. */
  readonly windows: readonly RecordedWindow[];
  /** Tenths of a second, when there are faults to be measured. */
  readonly buckets?: readonly RecordedBucket[];
  /** Counts of the measures that applied to the load, by name; read with {@link countsOf}. */
  readonly measures: Readonly<Record<string, unknown>>;
}

/** Calls that fell due within the measured time; of an older recording, those whose flow did. */
export function dueInTime(recording: Recording): number {
  return recording.dueInTime ?? recording.byCall.reduce((sum, { due }) => sum + due, 0);
}

/** What `measure` counted; undefined when it did not apply to the load. */
export function countsOf<Counts>(
  recording: Recording,
  measure: Pick<Measure<Counts>, 'name' | 'merge'>,
): Counts | undefined {
  return recording.measures[measure.name] as Counts | undefined;
}

/** Shards of one measured time (worker threads) as one: what a single recorder of all calls would have recorded. At least one. */
export function mergeRecordings(shards: readonly Recording[], measures = MEASURES): Recording {
  const measuredUs = shards.reduce((max, shard) => Math.max(max, shard.measuredUs), 0);
  return merge(shards, measuredUs, mergeMeasures(shards, measures, 'merge'));
}

/** Repetitions, one after the other, as one: counts, times and measured times add up, so rates stay rates. At least one. */
export function mergeRepetitions(repetitions: readonly Recording[], measures = MEASURES): Recording {
  const measuredUs = repetitions.reduce((sum, repetition) => sum + repetition.measuredUs, 0);
  const count = repetitions.reduce((sum, repetition) => sum + (repetition.repetitions ?? 1), 0);
  const merged = mergeMeasures(repetitions, measures, 'mergeRepetitions');
  return { ...merge(repetitions, measuredUs, merged), ...(count > 1 && { repetitions: count }) };
}

/**
 * The recording with an entry for each of `instances` (the names by which they answer): one that answered no call has 0, and
 * counts in the balance. Without it a fleet with a dead or idle instance would look evenly loaded.
 */
export function withInstances(recording: Recording, instances: readonly string[]): Recording {
  return { ...recording, byInstance: withIdle(recording.byInstance, instances) };
}

/** The recording without instances: what names itself in the answers is not an instance, so that nothing is known of owners and balance. */
export function withoutInstances(recording: Recording): Recording {
  const [opened, checked] = [countsOf(recording, sessions), countsOf(recording, auth)];
  const slow = countsOf(recording, slowest);
  const measures = {
    ...recording.measures,
    ...(opened && { [sessions.name]: withoutOwners(opened) }),
    ...(checked && { [auth.name]: withoutInstanceNames(checked) }),
    ...(slow && { [slowest.name]: withoutAnsweredBy(slow) }),
  };
  const windows = recording.windows.map(({ instances: _, ...window }) => window);
  return { ...recording, byInstance: [], windows, measures };
}

function merge(list: readonly Recording[], measuredUs: Micros, measures: Recording['measures']): Recording {
  if (list.length === 0) throw new RangeError('nothing to merge: at least one recording is needed');
  const buckets = list.flatMap((recording) => (recording.buckets === undefined ? [] : [recording.buckets]));
  return {
    measuredUs,
    dueInTime: list.reduce((sum, recording) => sum + dueInTime(recording), 0),
    answeredInTime: list.reduce((sum, recording) => sum + recording.answeredInTime, 0),
    okInTime: list.reduce((sum, recording) => sum + recording.okInTime, 0),
    outcomes: addCounts(
      OUTCOMES,
      list.map((recording) => recording.outcomes),
    ),
    ...mergeMisuse(list),
    details: mergeDetails(list.map((recording) => recording.details)),
    sendLag: mergeSeries(list.map((recording) => recording.sendLag)),
    byCall: mergeCalls(list.flatMap((recording) => recording.byCall)),
    byInstance: mergeInstances(list.flatMap((recording) => recording.byInstance)),
    windows: mergeWindows(list.map((recording) => recording.windows)),
    ...(buckets.length > 0 && { buckets: mergeBuckets(buckets) }),
    measures,
  };
}

/** Nothing where no recording has planted misuse that was refused. */
function mergeMisuse(list: readonly Recording[]): Pick<Recording, 'misuseRefused'> {
  const known = list.flatMap(({ misuseRefused }) => misuseRefused ?? []);
  if (known.length === 0) return {};
  const seen = OUTCOMES.filter((outcome) => known.some((counts) => (counts[outcome] ?? 0) > 0));
  const sumOf = (outcome: Outcome) => known.reduce((sum, counts) => sum + (counts[outcome] ?? 0), 0);
  return { misuseRefused: Object.fromEntries(seen.map((outcome) => [outcome, sumOf(outcome)])) };
}

/** What applied to none of the loads has no counts. */
function mergeMeasures(
  list: readonly Recording[],
  measures: readonly Measure[],
  how: 'merge' | 'mergeRepetitions',
): Recording['measures'] {
  const merged = measures.flatMap((measure): readonly (readonly [string, unknown])[] => {
    const counts = list.flatMap((recording) => countsOf(recording, measure) ?? []);
    return counts.length === 0 ? [] : [[measure.name, (measure[how] ?? measure.merge)(counts)]];
  });
  return Object.fromEntries(merged);
}
