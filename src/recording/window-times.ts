/** @module Times of windows, in two significant digits: packed as bucket, count, bucket, count ... in rising order of buckets. */
import type { Micros } from '../units/time.ts';
import { bucketCount, bucketOf, lowestOf } from './histogram.ts';

/** Two significant digits (2 * 10^2 rounded up to a power of two): enough for a chart over time. */
const COARSE = 8;

/** The lowest time that windows do not tell apart from `us`. */
export const lowestLike = (us: Micros): Micros => lowestOf(bucketOf(us, COARSE), COARSE);

/**
 * The times of each window. Ends arrive nearly in order of time, so only one window is kept as a full array of counts; leaving it
 * packs it into pairs, and a straggler for an older one unpacks that again.
 */
export class WindowTimes {
  readonly #packed: (readonly number[])[];
  readonly #counts = new Uint32Array(bucketCount(COARSE));
  /** The buckets of the open window lie from here ... */
  #from = bucketCount(COARSE);
  /** ... to before here: turning a window takes time from the load, and most buckets are empty. */
  #to = 0;
  /** The open window; none until the first time, which opens one, so that opening is rehearsed like everything else. */
  #open = -1;

  constructor(windows: number) {
    this.#packed = Array.from({ length: windows }, () => []);
  }

  /** `us` was measured in the window of this number, from 0. */
  add(window: number, us: Micros): void {
    if (window !== this.#open) this.#turnTo(window);
    this.#count(bucketOf(us, COARSE), 1);
  }

  /** The times of each window. */
  close(): readonly (readonly number[])[] {
    this.#turnTo(this.#open);
    return this.#packed;
  }

  #count(bucket: number, calls: number): void {
    if (bucket < this.#from) this.#from = bucket;
    if (bucket >= this.#to) this.#to = bucket + 1;
    this.#counts[bucket]! += calls;
  }

  #turnTo(window: number): void {
    const counts = this.#counts;
    if (this.#open >= 0) this.#packed[this.#open] = pack(counts, this.#from, this.#to);
    counts.fill(0, this.#from, this.#to);
    this.#from = counts.length;
    this.#to = 0;
    const times = this.#packed[window] ?? [];
    for (let i = 0; i + 1 < times.length; i += 2) this.#count(times[i]!, times[i + 1]!);
    this.#open = window;
  }
}

/** Times of several windows as those of one. */
export function mergeTimes(list: readonly (readonly number[])[]): readonly number[] {
  const counts = new Uint32Array(bucketCount(COARSE));
  for (const times of list) addInto(counts, times, 1);
  return pack(counts, 0, counts.length);
}

/** `times` without `others`, which are among them. */
export function withoutTimes(times: readonly number[], others: readonly number[]): readonly number[] {
  const counts = new Uint32Array(bucketCount(COARSE));
  addInto(counts, times, 1);
  addInto(counts, others, -1);
  return pack(counts, 0, counts.length);
}

/** Records `times`, each as the lowest one of its bucket. */
export function addTimes(
  histogram: { recordValueWithCount(value: number, count: number): void },
  times: readonly number[],
): void {
  for (let i = 0; i + 1 < times.length; i += 2)
    histogram.recordValueWithCount(lowestOf(times[i]!, COARSE), times[i + 1]!);
}

function pack(counts: Uint32Array, from: number, to: number): readonly number[] {
  const pairs: number[] = [];
  for (let bucket = from; bucket < to; bucket += 1) {
    const count = counts[bucket]!;
    if (count > 0) pairs.push(bucket, count);
  }
  return pairs;
}

function addInto(counts: Uint32Array, pairs: readonly number[], sign: 1 | -1): void {
  for (let i = 0; i + 1 < pairs.length; i += 2) counts[pairs[i]!]! += sign * pairs[i + 1]!;
}
