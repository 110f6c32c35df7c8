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

/** A turn of the event loop that took longer than this did more than look at the clock. */
const EMPTY_TURN: Micros = 5;

/** Time spent waiting, and when the last pause ended: memory of its own, since a variable would leave an object per turn to collect. */
const turns = new Float64Array(2);
const SPUN = 0;
const PAUSED = 1;

/** Time this thread has spent on pauses and empty turns while waiting for a due time: busy to the operating system, free for us. */
export function spunUs(): Micros {
  return turns[SPUN]!;
}

/** A timer on an idle core fires up to three milliseconds late; the last stretch is spun on the event loop instead. */
const SPIN: Micros = 3000;

/**
 * Spun within a turn before the next one. A turn leaves 350 bytes to collect, and a thread that does nothing but turn would
 * collect garbage fifty times a second, each time 0.4 ms late. Answers are noticed later by half of this on average.
 */
const PAUSE: Micros = 3;

/**
 * The machine's clock. `at` sleeps on a timer until shortly before `due` and then yields from turn to turn of
 * the event loop (so that I/O goes on), which keeps wake-ups within tens of microseconds.
 */
export const systemClock: Clock = {
  now: () => performance.now() * 1000,
  date: () => new Date(),
  at(due, wake) {
    const alarm: Alarm = { due, wake, timer: undefined, turn: undefined };
    const left = due - performance.now() * 1000;
    if (left > SPIN) alarm.timer = setTimeout(spin, Math.floor((left - SPIN) / 1000), alarm);
    else alarm.turn = setImmediate(spin, alarm);
    return () => {
      clearTimeout(alarm.timer);
      clearImmediate(alarm.turn);
    };
  },
};

interface Alarm {
  readonly due: Micros;
  readonly wake: () => void;
  timer: NodeJS.Timeout | undefined;
  turn: NodeJS.Immediate | undefined;
}

/** One turn of the event loop. A function of its own and no closure: it runs some hundred thousand times a second. */
function spin(alarm: Alarm): void {
  const now = performance.now() * 1000;
  const turned = now - turns[PAUSED]!;
  if (turned < EMPTY_TURN) turns[SPUN]! += turned;
  const left = alarm.due - now;
  if (left <= 0) {
    alarm.wake();
    return;
  }
  const paused = pause(Math.min(PAUSE, left));
  turns[SPUN]! += paused;
  turns[PAUSED] = now + paused;
  alarm.turn = setImmediate(spin, alarm);
}

/** Burns `span`, at most a second; gives the time it took. Reads the one clock that leaves nothing to collect. */
function pause(span: Micros): Micros {
  const [second, nano] = process.hrtime();
  let spent = 0;
  do {
    const [s, ns] = process.hrtime();
    spent = (s - second) * 1e6 + (ns - nano) / 1e3;
  } while (spent < span);
  return spent;
}

/** Sets a coarse timer (about a millisecond late): for time-outs and grace periods, where spinning would be waste. */
export function after(delay: Micros, wake: () => void): Cancel {
  const timer = setTimeout(wake, delay / 1000);
  return () => clearTimeout(timer);
}
