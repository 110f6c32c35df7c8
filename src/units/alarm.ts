/** @module The clock of a thread that has calls to send: its sleeps are timed by a thread that does nothing else, because timers of the event loop count whole milliseconds. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Cancel, type Clock, machineClock, monotonicUs, type Sleeper, timers } from './clock.ts';
import { compiledModule } from './compiled.ts';
import { LearnedMargin } from './margin.ts';
import type { Micros } from './time.ts';

/**
 * The longest that is spun after a sleep. On an idle machine sleeps end 0.1 to 0.2 ms late; on a busy one, those that end later than
 * this are not made up for.
 */
const LONGEST_SPIN: Micros = 400;

/** A shorter sleep saves less than it costs two threads to wake up, and answers are noticed sooner while a thread spins. */
const SHORTEST_SLEEP: Micros = 500;

/**
 * The longest that each of `threads` with such a clock spins on `cores`, one of which the servers need. Threads that spin at the same time keep
 * each other from waking up in time: where they are more than the other cores, they spin for as long as one thread for each core.
 */
export function longestSpinUs(threads: number, cores: number): Micros {
  return LONGEST_SPIN * Math.min(1, Math.max(1, cores - 1) / threads);
}

/** What the two threads share: the number of the latest sleep, and its end on the clock of {@link monotonicUs}. */
export interface AlarmOrders {
  readonly count: Int32Array;
  readonly dueUs: Float64Array;
}

/**
 * A clock that is punctual and sleeps whenever it can, for one of `threads` that have such a clock. The thread that times its sleeps
 * takes some 30 ms to start; until then, and for a second wait at the same time, it is as the system's clock. It ends with the thread
 * that has the clock.
 */
export function startAlarmClock(threads = 1): Clock {
  const alarm = new Alarm(longestSpinUs(threads, availableParallelism()));
  return machineClock(() => (alarm.isFree ? alarm : timers));
}

/** The sleeps of one thread, one at a time. */
export class Alarm implements Sleeper {
  readonly stepUs = 1;
  readonly shortestUs = SHORTEST_SLEEP;
  readonly margin: LearnedMargin;
  readonly #orders: AlarmOrders = {
    count: new Int32Array(new SharedArrayBuffer(4)),
    dueUs: new Float64Array(new SharedArrayBuffer(8)),
  };
  #isOnline = false;
  #count = 0;
  #wake: (() => void) | undefined = undefined;

  constructor(longestSpin: Micros = LONGEST_SPIN) {
    this.margin = new LearnedMargin(longestSpin);
    const worker = new Worker(compiledModule(import.meta.url, './alarm-thread'), {
      workerData: this.#orders,
    });
    worker.on('message', (count: number) => this.#ring(count));
    // Without the thread, waits are timed as they are before it has started.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.#isOnline = false;
      this.#ring(this.#count);
    });
    worker.unref();
  }

  get isFree(): boolean {
    return this.#isOnline && this.#wake === undefined;
  }

  sleep(us: Micros, wake: () => void): Cancel {
    const { count, dueUs } = this.#orders;
    this.#wake = wake;
    this.#count += 1;
    dueUs[0] = monotonicUs() + us;
    Atomics.store(count, 0, this.#count);
    Atomics.notify(count, 0);
    return () => {
      if (this.#wake === wake) this.#wake = undefined;
    };
  }

  /** The end of sleep number `count`; 0 when the thread has started. */
  #ring(count: number): void {
    if (count === 0) this.#isOnline = true;
    if (count !== this.#count || this.#wake === undefined) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake();
  }
}
