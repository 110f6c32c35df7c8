/** @module How a request takes time without using the processor for long: many instances share the machine. */
import { type Clock, servingClock, systemClock } from './clock.ts';
import type { Micros } from './time.ts';

/** Resolves after `us`. */
export type Pause = (us: Micros) => Promise<void>;

/** The pauses of this process: on a timer, and for the last 0.6 ms on average by spinning. On an idle machine each ends within tens of microseconds. */
export const precisePause: Pause = pacedPause(servingClock);

interface Paused {
  readonly dueUs: Micros;
  readonly wake: () => void;
}

/**
 * Pauses that share one alarm of `clock`, set for the one that ends first. So a process waits once, however many pauses are under way,
 * and what else it has to do comes in between.
 */
export function pacedPause(clock: Clock): Pause {
  /** The one that ends first is the last. */
  const paused: Paused[] = [];
  let alarmUs: Micros = Infinity;
  let cancel = (): void => undefined;
  const ring = (): void => {
    alarmUs = Infinity;
    const nowUs = clock.now();
    while (paused.length > 0 && paused.at(-1)!.dueUs <= nowUs) paused.pop()!.wake();
    arm();
  };
  const arm = (): void => {
    const firstUs = paused.at(-1)?.dueUs ?? Infinity;
    if (firstUs >= alarmUs) return;
    cancel();
    alarmUs = firstUs;
    cancel = clock.at(firstUs, ring);
  };
  return (us) =>
    new Promise((resolve) => {
      const dueUs = clock.now() + us;
      // Equal times keep the order of their calls.
      let index = paused.length;
      while (index > 0 && paused[index - 1]!.dueUs <= dueUs) index -= 1;
      paused.splice(index, 0, { dueUs, wake: resolve });
      arm();
    });
}

/** Of one pause's error, the most that is made up for: an instance that stood still does not rush afterwards. */
const MOST_CARRIED: Micros = 10_000;

/**
 * Pauses whose errors do not add up: what one took too long, the next ones are shorter (error diffusion). Near saturation a service time
 * 1 % too long makes the queue 10 % longer, and on a busy machine every pause ends late.
 */
export function balancedPause(sleepFor: Pause = precisePause, now: () => Micros = systemClock.now): Pause {
  let carriedUs: Micros = 0;
  return async (us) => {
    const askedUs = us - carriedUs;
    if (askedUs <= 0) {
      carriedUs = -askedUs;
      return;
    }
    carriedUs = 0;
    const startedUs = now();
    await sleepFor(askedUs);
    const lateUs = now() - startedUs - askedUs;
    carriedUs = Math.min(MOST_CARRIED, carriedUs + lateUs);
  };
}
