/** @module Lets a load thread run first for as long as it leaves nearly all of its time to others. */
import { threadTimes } from '../../process/cpu-time.ts';
import { runFirst } from '../../process/priority.ts';
import { monotonicUs, spunUs } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';

/** A thread that works for more than this share of the time takes it from the servers, and from those who wait for this process. */
const MOST_BUSY = 0.5;

/** What the thread has taken so far. */
export interface Taken {
  readonly atUs: Micros;
  /** Time for which it ran and did not only wait for a due time. */
  readonly busyUs: Micros;
}

/** What this thread has taken. */
const takenNow = (): Taken => ({
  atUs: monotonicUs(),
  busyUs: (threadTimes()?.ranUs ?? 0) - spunUs(),
});

/** Runs this thread first from now on. Returns a function for every now and then: it ends that, for good, when the thread was busy since the last time. */
export function takePrecedence(take = runFirst, taken: () => Taken = takenNow): () => void {
  let giveUp: (() => void) | undefined = take();
  let last = taken();
  return () => {
    if (giveUp === undefined) return;
    const now = taken();
    if (now.busyUs - last.busyUs > MOST_BUSY * (now.atUs - last.atUs)) {
      giveUp();
      giveUp = undefined;
    }
    last = now;
  };
}
