/** @module A finer series over the measured time, for seeing what a fault does: tenths of a second, kept only when there are faults. */
import type { Micros } from '../units/time.ts';
import { bucketOf, emptyHistogram, lowestOf, percentileOf } from './histogram.ts';

/** Length of a bucket. */
export const BUCKET_US: Micros = 100_000;
/** Two significant digits. */
const COARSE = 8;

/** A tenth of a second; calls are placed by the time they ended. */
export interface RecordedBucket {
  readonly ok: number;
  /** Ended otherwise than `ok`, aborted calls left out. */
  readonly errors: number;
  /** Sessions found lost. */
  readonly lost: number;
  /** Calls that brought a handle, and of these, those that had it refused, by the account of the servers; absent where there are none. */
  readonly handles?: { readonly calls: number; readonly refused: number };
  /** Calls that each instance answered, by name in the order of the names. */
  readonly instances: readonly (readonly [name: string, calls: number])[];
  /** Response times: bucket and count, in rising order of buckets. */
  readonly times: readonly (readonly [bucket: number, count: number])[];
}

/** How a call ended, as far as the series goes. */
export interface BucketEntry {
  readonly ok: boolean;
  readonly lost: boolean;
  /** What became of the handle that the call brought; absent: it brought none. */
  readonly handle?: HandleEnd | undefined;
  readonly servedBy: string | undefined;
  /** Clamped; undefined when it counts in no series. */
  readonly responseUs: Micros | undefined;
}

/** What an instance does with a handle that a call brings. */
export type HandleEnd = 'taken' | 'refused';

interface OpenBucket {
  ok: number;
  errors: number;
  lost: number;
  handles: number;
  refused: number;
  readonly instances: Map<string, number>;
  readonly times: Map<number, number>;
}

const fresh = (): OpenBucket => ({
  ok: 0,
  errors: 0,
  lost: 0,
  handles: 0,
  refused: 0,
  instances: new Map(),
  times: new Map(),
});

/** Sorts the calls of one worker into buckets; memory grows with the length of the run. */
export class BucketLog {
  readonly #buckets: OpenBucket[] = [];
  readonly #limit: number;

  constructor(durationUs: Micros) {
    this.#limit = Math.ceil(durationUs / BUCKET_US);
  }

  /** A call ended `us` after the start of the measured time; one that ended after the measured time is in no bucket. */
  ended(us: Micros, { ok, lost, handle, servedBy, responseUs }: BucketEntry): void {
    const index = Math.max(0, Math.floor(us / BUCKET_US));
    if (index >= this.#limit) return;
    while (this.#buckets.length <= index) this.#buckets.push(fresh());
    const bucket = this.#buckets[index]!;
    if (ok) bucket.ok += 1;
    else bucket.errors += 1;
    if (lost) bucket.lost += 1;
    if (handle !== undefined) bucket.handles += 1;
    if (handle === 'refused') bucket.refused += 1;
    if (servedBy !== undefined) count(bucket.instances, servedBy, 1);
    if (responseUs !== undefined) count(bucket.times, bucketOf(responseUs, COARSE), 1);
  }

  /** The buckets of a measured time of `measuredUs`, empty ones included. */
  close(measuredUs: Micros): readonly RecordedBucket[] {
    return Array.from({ length: Math.ceil(measuredUs / BUCKET_US) }, (_, index) =>
      packed(this.#buckets[index] ?? fresh()),
    );
  }
}

/** Buckets of the same tenths of a second as one: what a single log of all their calls would have kept. */
export function mergeBuckets(lists: readonly (readonly RecordedBucket[])[]): readonly RecordedBucket[] {
  const length = lists.reduce((max, list) => Math.max(max, list.length), 0);
  return Array.from({ length }, (_, index) => packed(pooled(lists.flatMap((list) => list[index] ?? []))));
}

/** How many response times `buckets` have. */
export const timesIn = (buckets: readonly RecordedBucket[]): number =>
  buckets.reduce((sum, { times }) => times.reduce((calls, [, more]) => calls + more, sum), 0);

/** The 99th percentile of the response times in `buckets`, to two digits; undefined of none. */
export function bucketsP99(buckets: readonly RecordedBucket[]): Micros | undefined {
  const histogram = emptyHistogram(2);
  for (const { times } of buckets) {
    for (const [bucket, calls] of times) histogram.recordValueWithCount(lowestOf(bucket, COARSE), calls);
  }
  return histogram.totalCount === 0 ? undefined : percentileOf(histogram, 99);
}

function pooled(buckets: readonly RecordedBucket[]): OpenBucket {
  const sum = fresh();
  for (const { ok, errors, lost, handles, instances, times } of buckets) {
    sum.ok += ok;
    sum.errors += errors;
    sum.lost += lost;
    sum.handles += handles?.calls ?? 0;
    sum.refused += handles?.refused ?? 0;
    for (const [name, calls] of instances) count(sum.instances, name, calls);
    for (const [bucket, calls] of times) count(sum.times, bucket, calls);
  }
  return sum;
}

function packed({ ok, errors, lost, handles, refused, instances, times }: OpenBucket): RecordedBucket {
  return {
    ok,
    errors,
    lost,
    ...(handles > 0 && { handles: { calls: handles, refused } }),
    instances: [...instances].sort(([a], [b]) => (a < b ? -1 : 1)),
    times: [...times].sort(([a], [b]) => a - b),
  };
}

function count<Key>(counts: Map<Key, number>, key: Key, calls: number): void {
  counts.set(key, (counts.get(key) ?? 0) + calls);
}
