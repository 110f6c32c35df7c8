/** @module The only reader of time. Everything else is handed a {@link Clock}. */
import { performance } from 'node:perf_hooks';
import type { Micros } from './time.ts';

/** Undoes a {@link Clock.at}; harmless when it already fired. */
export type Cancel = () => void;

/** A source of time and of wake-ups. The system's one is {@link systemClock}; tests use the virtual one. */
export interface Clock {
  /** Monotonic time since an arbitrary origin, with sub-microsecond resolution where the machine has it. */
  now(): Micros;
  /** The time of day. For stamps only, never for measuring. */
  date(): Date;
  /** Calls `wake` once, not before `due`; always asynchronously. Precision is the clock's affair. */
  at(due: Micros, wake: () => void): Cancel;
}

let spun: Micros = 0;

/** A turn of the event loop that took longer than this did more than look at the clock. */
const EMPTY_TURN: Micros = 20;

/** Time this thread has spent on empty turns while waiting for a due time: busy to the operating system, free for us. */
export function spunUs(): Micros {
  return spun;
}

/** Timers fire up to about a millisecond late; the last stretch is spun on the event loop instead. */
const SPIN: Micros = 1500;

/**
 * The machine's clock. `at` sleeps on a timer until shortly before `due` and then yields from turn to turn of
 * the event loop (so that I/O goes on), which keeps wake-ups within tens of microseconds.
 */
export const systemClock: Clock = {
  now: () => performance.now() * 1000,
  date: () => new Date(),
  at(due, wake) {
    let timer: NodeJS.Timeout | undefined;
    let turn: NodeJS.Immediate | undefined;
    let last = performance.now() * 1000;
    const spin = (): void => {
      const now = performance.now() * 1000;
      if (now - last < EMPTY_TURN) spun += now - last;
      last = now;
      if (now < due) turn = setImmediate(spin);
      else wake();
    };
    if (due - last > SPIN) timer = setTimeout(spin, Math.floor((due - last - SPIN) / 1000));
    else turn = setImmediate(spin);
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};

/** Sets a coarse timer (about a millisecond late): for time-outs and grace periods, where spinning would be waste. */
export function after(delay: Micros, wake: () => void): Cancel {
  const timer = setTimeout(wake, delay / 1000);
  return () => clearTimeout(timer);
}
