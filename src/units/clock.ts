/** @module The only module that reads the time. All other code gets a {@link Clock}. */
import { performance } from 'node:perf_hooks';
import type { Micros, Millis } from './time.ts';

/** Cancels a {@link Clock.at}. It has no effect if the callback has already run. */
export type Cancel = () => void;

/** A source of time and timers: {@link systemClock}, or the virtual clock in tests. */
export interface Clock {
  /** Monotonic time since an arbitrary origin, with sub-microsecond resolution where the machine has it. */
  now(): Micros;
  /** The time of day, for timestamps only, never for measurements. */
  date(): Date;
  /** Calls `wake` once, asynchronously and not before `due`. The precision depends on the clock. */
  at(due: Micros, wake: () => void): Cancel;
}

/** Monotonic time on the epoch, the same in all threads of this process. */
export function epochMs(): Millis {
  return performance.timeOrigin + performance.now();
}

/** A turn of the event loop that took longer than this did more than read the clock. */
const EMPTY_TURN: Micros = 5;

/** Time spent waiting, and the end of the last pause. A typed array, because a variable would allocate a number object per turn. */
const turns = new Float64Array(2);
const SPUN = 0;
const PAUSED = 1;

/** Time that this thread has spent spinning while it waited for a due time. The operating system counts it as busy, but the thread was free. */
export function spunUs(): Micros {
  return turns[SPUN]!;
}

/** How a clock waits: on a timer for waits of at least `timerFrom`, until `spin` before the due time; the rest is spun on the event loop. */
interface Waiting {
  readonly spin: Micros;
  readonly timerFrom: Micros;
}

/** Of a generator, which has its core for itself: a timer on an idle core fires up to three milliseconds late. */
const PRECISE: Waiting = { spin: 3000, timerFrom: 3000 };
/** Of a server, which shares its core: a timer mostly fires 0.1 to 0.4 ms late, and never waits less than a millisecond. It spins 0.6 ms on average. */
const SHARED: Waiting = { spin: 350, timerFrom: 1350 };

/**
 * Spun within each turn. A turn allocates 350 bytes, and a thread that only turns would collect garbage fifty times a second and be
 * 0.4 ms late each time. Answers are noticed later, by half of this on average.
 */
const PAUSE: Micros = 3;

/**
 * The machine's clock. `at` sleeps on a timer until shortly before `due`. Then it spins from turn to turn of the event loop, so
 * that I/O continues. Callbacks are late by tens of microseconds at most.
 */
export const systemClock: Clock = machineClock(PRECISE);

/** The machine's clock for programs under test, many of which share the machine: it spins a fifth as long, and is late where timers are. */
export const servingClock: Clock = machineClock(SHARED);

function machineClock({ spin: spinUs, timerFrom }: Waiting): Clock {
  return {
    now: () => performance.now() * 1000,
    date: () => new Date(),
    at(due, wake) {
      const alarm: Alarm = { due, wake, timer: undefined, turn: undefined };
      const left = due - performance.now() * 1000;
      if (left > timerFrom) alarm.timer = setTimeout(spin, Math.floor((left - spinUs) / 1000), alarm);
      else alarm.turn = setImmediate(spin, alarm);
      return () => {
        clearTimeout(alarm.timer);
        clearImmediate(alarm.turn);
      };
    },
  };
}

interface Alarm {
  readonly due: Micros;
  readonly wake: () => void;
  timer: NodeJS.Timeout | undefined;
  turn: NodeJS.Immediate | undefined;
}

/** One turn of the event loop. A function instead of a closure, because it runs about a hundred thousand times a second. */
function spin(alarm: Alarm): void {
  const now = performance.now() * 1000;
  const turned = now - turns[PAUSED]!;
  if (turned < EMPTY_TURN) turns[SPUN]! += turned;
  const left = alarm.due - now;
  if (left <= 0) {
    alarm.wake();
    return;
  }
  // Another turn would end too late.
  const last = left <= PAUSE + EMPTY_TURN;
  const paused = pause(last ? left : PAUSE);
  turns[SPUN]! += paused;
  turns[PAUSED] = now + paused;
  if (last) alarm.wake();
  else alarm.turn = setImmediate(spin, alarm);
}

/** Spins for `span`, at most a second. Returns the time it took. `process.hrtime` is the one clock that allocates nothing. */
function pause(span: Micros): Micros {
  const [second, nano] = process.hrtime();
  let spent = 0;
  do {
    const [s, ns] = process.hrtime();
    spent = (s - second) * 1e6 + (ns - nano) / 1e3;
  } while (spent < span);
  return spent;
}

/** Sets a timer that runs `wake` after a delay: {@link after}, or the virtual clock in tests. */
export type After = (delay: Micros, wake: () => void) => Cancel;

/** Sets a coarse timer (about a millisecond late), for timeouts and grace periods, where spinning would waste CPU. */
export function after(delay: Micros, wake: () => void): Cancel {
  const timer = setTimeout(wake, delay / 1000);
  return () => clearTimeout(timer);
}

/** What `promise` gives, or `undefined` when that takes longer than `delay`. */
export function within<T>(delay: Micros, promise: Promise<T>): Promise<T | undefined> {
  let cancel: Cancel = () => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = after(delay, () => resolve(undefined));
  });
  return Promise.race([promise, late]).finally(() => cancel());
}
