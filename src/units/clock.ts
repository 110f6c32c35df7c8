/** @module The only module that reads the time. All other code gets a {@link Clock}. */
import { performance } from 'node:perf_hooks';
import { fixedMargin, LearnedMargin, type Margin, type Sleeps, sleepWithin } from './margin.ts';
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

/** A way to sleep: the thread waits for events meanwhile, and handles those that come. */
export interface Sleeper extends Sleeps {
  /** Calls `wake` after `us`, or somewhat later. */
  sleep(us: Micros, wake: () => void): Cancel;
}

function timersWith(margin: Margin): Sleeper {
  return {
    stepUs: 1000,
    shortestUs: 1000,
    margin,
    sleep(us, wake) {
      const timer = setTimeout(wake, us / 1000);
      return () => clearTimeout(timer);
    },
  };
}

/** Sleeps on timers of the event loop. On an idle core they end up to three milliseconds late. */
export const timers: Sleeper = timersWith(new LearnedMargin(3000));
/** Of a server, which shares its core: a timer mostly fires 0.1 to 0.4 ms late, and never waits less than a millisecond. It spins 0.6 ms on average. */
const sharedTimers: Sleeper = timersWith(fixedMargin(350));

/**
 * Spun within each turn. A turn allocates 350 bytes, and a thread that only turns would collect garbage fifty times a second and be
 * 0.4 ms late each time. Answers are noticed later, by half of this on average.
 */
const PAUSE: Micros = 3;

/** The machine's clock. Callbacks are late by tens of microseconds at most, as long as the machine has a core for the thread. */
export const systemClock: Clock = machineClock(() => timers);

/** The machine's clock for programs under test, many of which share the machine: it spins a fifth as long, and is late where timers are. */
export const servingClock: Clock = machineClock(() => sharedTimers);

/**
 * A clock whose `at` sleeps until shortly before `due`, as `sleeper` says at that moment. Then it spins from turn to turn of the event
 * loop, so that I/O continues.
 */
export function machineClock(sleeper: () => Sleeper): Clock {
  return {
    now: nowUs,
    date: () => new Date(),
    at(due, wake) {
      const alarm: Alarm = { due, wake, cancelSleep: undefined, turn: undefined };
      const sleeps = sleeper();
      const now = nowUs();
      const sleepUs = sleepWithin(due - now, sleeps);
      if (sleepUs === 0) alarm.turn = setImmediate(spin, alarm);
      else {
        alarm.cancelSleep = sleeps.sleep(sleepUs, () => {
          sleeps.margin.woke(nowUs() - now - sleepUs);
          spin(alarm);
        });
      }
      return () => {
        alarm.cancelSleep?.();
        clearImmediate(alarm.turn);
      };
    },
  };
}

function nowUs(): Micros {
  return performance.now() * 1000;
}

/** Time on a clock that all threads of the machine share, whatever happens to the time of day. */
export function monotonicUs(): Micros {
  const [second, nano] = process.hrtime();
  return second * 1e6 + nano / 1e3;
}

interface Alarm {
  readonly due: Micros;
  readonly wake: () => void;
  cancelSleep: Cancel | undefined;
  turn: NodeJS.Immediate | undefined;
}

/** One turn of the event loop. A function instead of a closure, because it runs about a hundred thousand times a second. */
function spin(alarm: Alarm): void {
  const now = nowUs();
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
