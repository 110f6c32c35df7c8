/** @module One-second windows of the measured time, in memory that grows by the second and not by the call. */
import { type Micros, SECOND } from '../units/time.ts';
import { addCounts } from './counts.ts';
import { emptyHistogram, percentileOf } from './histogram.ts';
import { addTimes, mergeTimes, WindowTimes } from './window-times.ts';

/** The calls that fell due in one second, whenever they ended. */
interface DueCounts {
  readonly due: number;
  readonly answered: number;
  readonly timedOut: number;
  /** Of the answered ones, by how much their response times were longer than the warm-up, added up: what of them the warm-up had not put under way already. */
  readonly beyondWarmupUs: Micros;
  /** Never sent. Absent from older recordings. */
  readonly dropped?: number;
}

/** Answers that arrived in one second, whenever their calls were due: what rates count. */
interface AnswerCounts {
  readonly answered: number;
  /** Those of calls that ended `ok`. */
  readonly ok: number;
}

/** One second. `sent` by the time of sending, everything else by the time of the end. */
export interface RecordedWindow {
  readonly sent: number;
  readonly ok: number;
  /** Ended otherwise than `ok`; aborted calls are in no window. */
  readonly errors: number;
  /** Response times: bucket, count, bucket, count ... in rising order of buckets. */
  readonly times: readonly number[];
  /** Those of them of calls that did not end `ok`; absent when there are none. */
  readonly failedTimes?: readonly number[];
  /** Absent from older recordings. */
  readonly arrived?: AnswerCounts;
  /** Calls that each instance answered; absent when none named itself. */
  readonly instances?: Readonly<Record<string, number>>;
  /** By the time at which calls fell due. Absent from older recordings. */
  readonly byDue?: DueCounts;
}

interface MutableWindow {
  sent: number;
  ok: number;
  errors: number;
  /** By the place of the instance in the order of first appearance. */
  instances: number[] | undefined;
  readonly arrived: { -readonly [Key in keyof AnswerCounts]: number };
  readonly byDue: { -readonly [Key in keyof Required<DueCounts>]: number };
}

const fresh = (): MutableWindow => ({
  sent: 0,
  ok: 0,
  errors: 0,
  instances: undefined,
  arrived: { answered: 0, ok: 0 },
  byDue: { due: 0, answered: 0, timedOut: 0, beyondWarmupUs: 0, dropped: 0 },
});

/**
 * Sorts calls into windows. They cover the measured time only. A call that is sent or ends later is in the figures of the whole and in
 * no window: a last window in which nothing is sent any more would read as a collapse of the server.
 */
export class WindowLog {
  readonly #windows: readonly MutableWindow[];
  readonly #times: WindowTimes;
  readonly #failedTimes: WindowTimes;
  /** The window of the latest time, from here ... */
  #sinceUs: Micros = 0.5;
  /** ... to before here: most calls are due, sent and ended in the same one. */
  #untilUs: Micros = 0.5;
  #latest: MutableWindow | undefined = undefined;

  constructor(durationUs: Micros) {
    this.#windows = Array.from({ length: windowsIn(durationUs) }, fresh);
    this.#times = new WindowTimes(this.#windows.length);
    this.#failedTimes = new WindowTimes(this.#windows.length);
  }

  /** A call fell due `us` after the start of the measured time. */
  due(us: Micros): void {
    const window = this.#at(us);
    if (window) window.byDue.due += 1;
  }

  /** A call that fell due then was never sent. */
  dropped(us: Micros): void {
    const window = this.#at(us);
    if (window) window.byDue.dropped += 1;
  }

  /** An answer arrived then, whenever its call was due. */
  arrived(us: Micros, ok: boolean): void {
    const window = this.#at(us);
    if (!window) return;
    window.arrived.answered += 1;
    if (ok) window.arrived.ok += 1;
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
  ended(us: Micros, ok: boolean, responseUs: Micros | undefined, instance: number, misuse = false): void {
    const window = this.#at(us);
    if (!window) return;
    if (ok) window.ok += 1;
    else if (!misuse) window.errors += 1;
    if (instance >= 0) countAt(instancesIn(window), instance);
    if (responseUs === undefined) return;
    const index = indexOf(us);
    this.#times.add(index, responseUs);
    if (!ok) this.#failedTimes.add(index, responseUs);
  }

  /** The windows of a measured time of `measuredUs`, empty ones included. `names`: those of the instances, by place. */
  close(measuredUs: Micros, names: readonly string[]): readonly RecordedWindow[] {
    const times = this.#times.close();
    const failedTimes = this.#failedTimes.close();
    return Array.from({ length: windowsIn(measuredUs) }, (_, index) => {
      const { instances, arrived, byDue, ...counts } = this.#windows[index] ?? fresh();
      const failed = failedTimes[index] ?? [];
      return {
        ...counts,
        times: times[index] ?? [],
        ...(failed.length > 0 && { failedTimes: failed }),
        arrived: { ...arrived },
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
}

const DUE_COUNTS = ['due', 'answered', 'timedOut', 'beyondWarmupUs'] as const;
const ANSWER_COUNTS = ['answered', 'ok'] as const;

/** Windows of the same seconds as one, counts added up; as long as the longest list. */
export function mergeWindows(lists: readonly (readonly RecordedWindow[])[]): readonly RecordedWindow[] {
  const length = lists.reduce((max, list) => Math.max(max, list.length), 0);
  return Array.from({ length }, (_, index) => {
    const windows = lists.flatMap((list) => list[index] ?? []);
    const instances = mergeInstanceCounts(
      windows.flatMap(({ instances: counts }) => (counts === undefined ? [] : [counts])),
    );
    const byDue = windows.flatMap((window) => window.byDue ?? []);
    const arrived = windows.flatMap((window) => window.arrived ?? []);
    const failedTimes = windows.flatMap((window) => (window.failedTimes ? [window.failedTimes] : []));
    return {
      ...(instances && { instances }),
      ...(failedTimes.length > 0 && { failedTimes: mergeTimes(failedTimes) }),
      ...(arrived.length > 0 && { arrived: addCounts(ANSWER_COUNTS, arrived) }),
      ...(byDue.length > 0 && { byDue: mergeDue(byDue) }),
      sent: windows.reduce((sum, window) => sum + window.sent, 0),
      ok: windows.reduce((sum, window) => sum + window.ok, 0),
      errors: windows.reduce((sum, window) => sum + window.errors, 0),
      times: mergeTimes(windows.map(({ times }) => times)),
    };
  });
}

function mergeDue(list: readonly DueCounts[]): DueCounts {
  const dropped = list.flatMap((one) => one.dropped ?? []);
  return {
    ...addCounts(DUE_COUNTS, list),
    ...(dropped.length === list.length && { dropped: dropped.reduce((sum, calls) => sum + calls, 0) }),
  };
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
  addTimes(histogram, window.times);
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
