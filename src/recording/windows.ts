/** @module One-second windows of the measured time, in memory that grows by the second and not by the call. */
import { type Micros, SECOND } from '../units/time.ts';
import { addCounts } from './counts.ts';
import { bucketCount, bucketOf, emptyHistogram, lowestOf, percentileOf } from './histogram.ts';

/** Two significant digits (2 * 10^2 rounded up to a power of two): enough for a chart over time. */
const COARSE = 8;

/** The calls that fell due in one second, whenever they ended. */
interface DueCounts {
  readonly due: number;
  readonly answered: number;
  readonly timedOut: number;
  /** Of the answered ones, by how much their response times were longer than the warm-up, added up: what of them the warm-up had not put under way already. */
  readonly beyondWarmupUs: Micros;
}

/** One second. `sent` by the time of sending, everything else by the time of the end. */
export interface RecordedWindow {
  readonly sent: number;
  readonly ok: number;
  /** Ended otherwise than `ok`; aborted calls are in no window. */
  readonly errors: number;
  /** Response times: bucket, count, bucket, count ... in rising order of buckets. */
  readonly times: readonly number[];
  /** Calls that each instance answered; absent when none named itself. */
  readonly instances?: Readonly<Record<string, number>>;
  /** By the time at which calls fell due. Absent from older recordings. */
  readonly byDue?: DueCounts;
}

interface MutableWindow {
  sent: number;
  ok: number;
  errors: number;
  times: readonly number[];
  /** By the place of the instance in the order of first appearance. */
  instances: number[] | undefined;
  readonly byDue: { -readonly [Key in keyof DueCounts]: number };
}

const fresh = (): MutableWindow => ({
  sent: 0,
  ok: 0,
  errors: 0,
  times: [],
  instances: undefined,
  byDue: { due: 0, answered: 0, timedOut: 0, beyondWarmupUs: 0 },
});

/**
 * Sorts calls into windows. Ends arrive nearly in order of time, so only one window is kept as a full array of counts;
 * leaving it packs it into pairs, and a straggler for an older one unpacks that again.
 *
 * The windows cover the measured time only. A call that is sent or ends later is in the figures of the whole and in
 * no window: a last window in which nothing is sent any more would read as a collapse of the server.
 */
export class WindowLog {
  readonly #windows: readonly MutableWindow[];
  readonly #counts = new Uint32Array(bucketCount(COARSE));
  /** The buckets of the open window lie from here ... */
  #from = bucketCount(COARSE);
  /** ... to before here: turning a window takes time from the load, and most buckets are empty. */
  #to = 0;
  /** The open window; none until the first call, which opens one, so that opening is rehearsed like everything else. */
  #open = -1;
  /** The window of the latest time, from here ... */
  #sinceUs: Micros = 0.5;
  /** ... to before here: most calls are due, sent and ended in the same one. */
  #untilUs: Micros = 0.5;
  #latest: MutableWindow | undefined = undefined;

  constructor(durationUs: Micros) {
    this.#windows = Array.from({ length: windowsIn(durationUs) }, fresh);
  }

  /** A call fell due `us` after the start of the measured time. */
  due(us: Micros): void {
    const window = this.#at(us);
    if (window) window.byDue.due += 1;
  }

  /** A call that fell due then timed out. */
  timedOut(us: Micros): void {
    const window = this.#at(us);
    if (window) window.byDue.timedOut += 1;
  }

  /** A call that fell due then was answered; `beyondWarmupUs` (clamped) as in {@link DueCounts}. */
  answered(us: Micros, beyondWarmupUs: Micros): void {
    const window = this.#at(us);
    if (!window) return;
    window.byDue.answered += 1;
    window.byDue.beyondWarmupUs += beyondWarmupUs;
  }

  /** A call was sent `us` after the start of the measured time. */
  sent(us: Micros): void {
    const window = this.#at(us);
    if (window) window.sent += 1;
  }

  /** A call ended `us` after the start; `responseUs` (clamped) is undefined when its time counts in no series. `instance`: the place of the one that answered; -1: none. */
  ended(us: Micros, ok: boolean, responseUs: Micros | undefined, instance: number): void {
    const window = this.#at(us);
    if (!window) return;
    if (ok) window.ok += 1;
    else window.errors += 1;
    if (instance >= 0) countAt(instancesIn(window), instance);
    if (responseUs === undefined) return;
    const index = indexOf(us);
    if (index !== this.#open) this.#turnTo(index);
    this.#count(bucketOf(responseUs, COARSE), 1);
  }

  /** The windows of a measured time of `measuredUs`, empty ones included. `names`: those of the instances, by place. */
  close(measuredUs: Micros, names: readonly string[]): readonly RecordedWindow[] {
    this.#turnTo(this.#open);
    return Array.from({ length: windowsIn(measuredUs) }, (_, index) => {
      const { instances, byDue, ...counts } = this.#windows[index] ?? fresh();
      return {
        ...counts,
        ...(instances && { instances: namedCounts(instances, names) }),
        byDue: { ...byDue },
      };
    });
  }

  /** The window of a time; none for what comes after the measured time. */
  #at(us: Micros): MutableWindow | undefined {
    if (us >= this.#sinceUs && us < this.#untilUs) return this.#latest;
    const index = indexOf(us);
    this.#sinceUs = index * SECOND;
    this.#untilUs = this.#sinceUs + SECOND;
    this.#latest = this.#windows[index];
    return this.#latest;
  }

  #count(bucket: number, calls: number): void {
    if (bucket < this.#from) this.#from = bucket;
    if (bucket >= this.#to) this.#to = bucket + 1;
    this.#counts[bucket]! += calls;
  }

  #turnTo(index: number): void {
    const counts = this.#counts;
    const left = this.#open < 0 ? undefined : this.#windows[this.#open];
    if (left) left.times = pack(counts, this.#from, this.#to);
    counts.fill(0, this.#from, this.#to);
    this.#from = counts.length;
    this.#to = 0;
    const times = this.#windows[index]?.times ?? [];
    for (let i = 0; i + 1 < times.length; i += 2) this.#count(times[i]!, times[i + 1]!);
    this.#open = index;
  }
}

const DUE_COUNTS = ['due', 'answered', 'timedOut', 'beyondWarmupUs'] as const;

/** Windows of the same seconds as one, counts added up; as long as the longest list. */
export function mergeWindows(lists: readonly (readonly RecordedWindow[])[]): readonly RecordedWindow[] {
  const length = lists.reduce((max, list) => Math.max(max, list.length), 0);
  const counts = new Uint32Array(bucketCount(COARSE));
  return Array.from({ length }, (_, index) => {
    const windows = lists.flatMap((list) => list[index] ?? []);
    counts.fill(0);
    for (const window of windows) unpackInto(counts, window.times);
    const instances = mergeInstanceCounts(
      windows.flatMap(({ instances: counts }) => (counts === undefined ? [] : [counts])),
    );
    const byDue = windows.flatMap((window) => window.byDue ?? []);
    return {
      ...(instances && { instances }),
      ...(byDue.length > 0 && { byDue: addCounts(DUE_COUNTS, byDue) }),
      sent: windows.reduce((sum, window) => sum + window.sent, 0),
      ok: windows.reduce((sum, window) => sum + window.ok, 0),
      errors: windows.reduce((sum, window) => sum + window.errors, 0),
      times: pack(counts, 0, counts.length),
    };
  });
}

function mergeInstanceCounts(
  list: readonly Readonly<Record<string, number>>[],
): Record<string, number> | undefined {
  if (list.length === 0) return undefined;
  const sum: Record<string, number> = {};
  for (const counts of list) {
    for (const [name, calls] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + calls;
  }
  return sum;
}

/** Percentiles of the response times of one window, in microseconds, to two digits. */
export function windowPercentiles(window: RecordedWindow, percentiles: readonly number[]): readonly Micros[] {
  const histogram = emptyHistogram(2);
  for (let i = 0; i + 1 < window.times.length; i += 2)
    histogram.recordValueWithCount(lowestOf(window.times[i]!, COARSE), window.times[i + 1]!);
  return percentiles.map((percentile) => percentileOf(histogram, percentile));
}

function instancesIn(window: MutableWindow): number[] {
  window.instances ??= [];
  return window.instances;
}

function countAt(counts: number[], place: number): void {
  while (counts.length <= place) counts.push(0);
  counts[place]! += 1;
}

function namedCounts(counts: readonly number[], names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    counts.flatMap((calls, place): readonly (readonly [string, number])[] =>
      calls > 0 ? [[names[place]!, calls]] : [],
    ),
  );
}

function windowsIn(us: Micros): number {
  return Math.max(0, Math.ceil(us / SECOND));
}

function indexOf(us: Micros): number {
  return us <= 0 ? 0 : Math.floor(us / SECOND);
}

function pack(counts: Uint32Array, from: number, to: number): readonly number[] {
  const pairs: number[] = [];
  for (let bucket = from; bucket < to; bucket += 1) {
    const count = counts[bucket]!;
    if (count > 0) pairs.push(bucket, count);
  }
  return pairs;
}

function unpackInto(counts: Uint32Array, pairs: readonly number[]): void {
  for (let i = 0; i + 1 < pairs.length; i += 2) counts[pairs[i]!]! += pairs[i + 1]!;
}
