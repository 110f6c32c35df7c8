/** @module What followed each injected event, from the finer series of a recording. docs/faults.md defines each figure. */
import { BUCKET_US, bucketsP99, type RecordedBucket, timesIn } from '../../recording/buckets.ts';
import type { Recording } from '../../recording/recording.ts';
import type { InjectedEvent } from '../../testbed/events/injected.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import type { FaultEffect } from '../document.ts';
import { isSupported } from '../measure/distribution.ts';

/** Errors have stopped when none came for so long before the next event or the end of the run. */
const QUIET_US: Micros = 500_000;
/** An instance is in balance within this share of the mean. */
const TOLERANCE = 0.2;
/** Or within so many standard deviations of a fair draw, where that is more. */
const DEVIATIONS = 2;
/** Shortest time over which the tail during an event is taken. */
const TAIL_US: Micros = SECOND;

/**
 * The effects of `events` (in order of time), each over the span up to the next. `failedLater`: calls of the
 * measured time that failed after it; they count for the last event.
 */
export function faultEffects(
  events: readonly InjectedEvent[],
  buckets: readonly RecordedBucket[],
  failedLater = 0,
): readonly FaultEffect[] {
  const endUs = buckets.length * BUCKET_US;
  return events.map((event, index) => {
    const untilUs = Math.min(events[index + 1]?.atUs ?? endUs, endUs);
    const inService = events[index - 1]?.serving.length;
    const before = buckets.slice(indexOf(events[index - 1]?.atUs ?? 0), indexOf(event.atUs));
    return {
      ...effectOf(event, buckets, untilUs, index === events.length - 1 ? failedLater : 0),
      ...(inService !== undefined && { inService }),
      failedBefore: failedShare(before),
    };
  });
}

/** Calls of the measured time that failed after it: they are in no bucket. What Paceline ended itself, and planted misuse that was refused, has not failed. */
export function failedLater({ byCall, buckets = [] }: Pick<Recording, 'byCall' | 'buckets'>): number {
  const failed = byCall.reduce(
    (sum, { done, ok, aborted = 0, misuseRefused = 0 }) => sum + done - ok - aborted - misuseRefused,
    0,
  );
  return failed - buckets.reduce((sum, { errors }) => sum + errors, 0);
}

const indexOf = (us: Micros): number => Math.floor(us / BUCKET_US);
const toMs = (us: Micros): number => Math.max(0, Math.round(us / 1000));

function effectOf(
  event: InjectedEvent,
  buckets: readonly RecordedBucket[],
  untilUs: Micros,
  failedLater: number,
): FaultEffect {
  const from = indexOf(event.atUs);
  // The bucket in which the next event begins belongs to that event, so that no failed call counts twice.
  const span = buckets.slice(from, Math.floor(untilUs / BUCKET_US));
  const stopUs = failedLater > 0 ? undefined : errorsStop(span, event.atUs - from * BUCKET_US);
  const tailUs = Math.max(TAIL_US, event.forUs, stopUs ?? span.length * BUCKET_US);
  const rebalanceUs = rebalanced(span, event.serving);
  return {
    kind: event.kind,
    atMs: toMs(event.atUs),
    instance: event.instances.join(', '),
    instances: [...event.instances],
    callsFailed: span.reduce((sum, { errors }) => sum + errors, 0),
    ...(failedLater > 0 && { failedLater }),
    sessionsLost: span.reduce((sum, { lost }) => sum + lost, 0),
    ...(buckets.some(({ handles }) => handles !== undefined) && handlesIn(span)),
    errorsStopMs: stopUs === undefined ? null : toMs(stopUs),
    rebalanceMs: rebalanceUs === undefined ? null : toMs(rebalanceUs),
    p99DuringUs: p99Of(span.slice(0, Math.ceil(tailUs / BUCKET_US))),
  };
}

/** Null of too few response times for it, as of every percentile. */
const p99Of = (span: readonly RecordedBucket[]): Micros | null =>
  isSupported(99, timesIn(span)) ? bucketsP99(span)! : null;

/** What became of the handles that calls brought. */
const handlesIn = (span: readonly RecordedBucket[]): Pick<FaultEffect, 'handles' | 'handlesRefused'> => ({
  handles: span.reduce((sum, { handles }) => sum + (handles?.calls ?? 0), 0),
  handlesRefused: span.reduce((sum, { handles }) => sum + (handles?.refused ?? 0), 0),
});

/** Of the calls that ended in `span`, those that did not end `ok`; null when none ended. */
function failedShare(span: readonly RecordedBucket[]): number | null {
  const failed = span.reduce((sum, { errors }) => sum + errors, 0);
  const ended = span.reduce((sum, { ok }) => sum + ok, failed);
  return ended === 0 ? null : failed / ended;
}

/** From the event, `intoUs` into the first bucket, to the end of the last bucket with an error; undefined when errors go on. */
function errorsStop(span: readonly RecordedBucket[], intoUs: Micros): Micros | undefined {
  const last = span.findLastIndex(({ errors }) => errors > 0);
  if (last < 0) return 0;
  const quietUs = (span.length - 1 - last) * BUCKET_US;
  return quietUs < QUIET_US ? undefined : (last + 1) * BUCKET_US - intoUs;
}

/** From the event to the beginning of the first second over which the load is even among `serving`; undefined when there is none. */
function rebalanced(span: readonly RecordedBucket[], serving: readonly string[]): Micros | undefined {
  const length = SECOND / BUCKET_US;
  for (let first = 0; first + length <= span.length; first += 1) {
    const counts = callsOf(span.slice(first, first + length), serving);
    if (even(counts)) return first * BUCKET_US;
  }
  return undefined;
}

function callsOf(buckets: readonly RecordedBucket[], serving: readonly string[]): readonly number[] {
  const calls = new Map(serving.map((name) => [name, 0]));
  for (const { instances } of buckets) {
    for (const [name, count] of instances) {
      const known = calls.get(name);
      if (known !== undefined) calls.set(name, known + count);
    }
  }
  return [...calls.values()];
}

/** Each is near the mean, and none is idle. Standard deviation of a fair draw: that of the binomial distribution. */
function even(counts: readonly number[]): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return false;
  const mean = total / counts.length;
  const deviation = Math.sqrt(mean * (1 - 1 / counts.length));
  const margin = Math.max(TOLERANCE * mean, DEVIATIONS * deviation);
  return counts.every((count) => count > 0 && Math.abs(count - mean) <= margin);
}
