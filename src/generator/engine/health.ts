/** @module The generator's own health while it measures: an overloaded generator must not look like a slow server. */
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { type ThreadTimes, threadTimes } from '../../process/cpu-time.ts';
import { spunUs } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import type { ReadLag } from './read-lag.ts';

/** Health of one thread over one period of time. */
export interface Health {
  /** Share of the time the thread worked, waiting for due times not counted, 0..1. */
  readonly cpu: number;
  /** Share of the time for which it was ready to run and had no core, 0..1; 0 where the operating system does not tell. */
  readonly coreWait: number;
  /** How late a timer of the event loop fires that is set again and again, 99th percentile: for how long the loop is held up by what runs in it, or has no core. */
  readonly eventLoopDelayP99Us: Micros;
  /** The longest time for which the event loop stood still. */
  readonly longestStopUs: Micros;
  /** Share of the time spent in garbage collection, 0..1. */
  readonly gc: number;
  /** How late due calls were taken up, before any wait for a connection. */
  readonly latenessP99Us: Micros;
  /** How late answers were read, as estimated. */
  readonly readLag: ReadLag;
}

/**
 * The timer of the event loop delay. Its lateness is that of moments that are spread evenly over the time, however few they are; each of
 * them wakes the thread up, and a thousand a second took 2 % of a core.
 */
const LOOP_TIMER: Millis = 20;

/** A monitored thread. */
export interface Watch {
  /** Begins the measured period. */
  begin(): void;
  /** The health since `begin`, or since the watch was set when that was not called; ends the watch. */
  end(): Omit<Health, 'latenessP99Us' | 'readLag'>;
}

/**
 * Sets a watch on this thread. `now` is the engine's clock. It is set before the warm-up, so that its own work is warmed up
 * too: the observer queues a callback for each collection, and an event loop compiled for one callback at a time would be
 * compiled again in the middle of the measured time.
 */
export function watchHealth(now: () => Micros): Watch {
  let startUs = now();
  let spunBefore = spunUs();
  let loopBefore = performance.eventLoopUtilization();
  let timesBefore = threadTimes();
  let gcMs = 0;
  const delay = monitorEventLoopDelay({ resolution: LOOP_TIMER });
  delay.enable();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcMs += entry.duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    begin() {
      startUs = now();
      spunBefore = spunUs();
      loopBefore = performance.eventLoopUtilization();
      timesBefore = threadTimes();
      gcMs = 0;
      delay.reset();
    },
    end() {
      const elapsed = Math.max(1, now() - startUs);
      const { active: worked } = performance.eventLoopUtilization(loopBefore);
      for (const entry of observer.takeRecords()) gcMs += entry.duration;
      observer.disconnect();
      delay.disable();
      const active = (worked * 1000 - (spunUs() - spunBefore)) / elapsed;
      const times = sinceThen(timesBefore);
      return {
        // A thread that has work and no core is active to its event loop.
        cpu: shareOf(Math.min(active, times === undefined ? 1 : times.ranUs / elapsed)),
        coreWait: shareOf((times?.waitedUs ?? 0) / elapsed),
        eventLoopDelayP99Us: delay.count > 0 ? lateness(delay.percentile(99)) : 0,
        longestStopUs: delay.count > 0 ? lateness(delay.max) : 0,
        gc: Math.min(1, (gcMs * 1000) / elapsed),
      };
    },
  };
}

const shareOf = (share: number): number => Math.min(1, Math.max(0, share));

/** The monitor reports the whole time from one firing to the next, so an undisturbed loop reads its resolution. */
const lateness = (nanos: number): Micros => Math.max(0, Math.round(nanos / 1000 - LOOP_TIMER * 1000));

function sinceThen(before: ThreadTimes | undefined): ThreadTimes | undefined {
  const now = threadTimes();
  if (now === undefined || before === undefined) return undefined;
  return { ranUs: now.ranUs - before.ranUs, waitedUs: now.waitedUs - before.waitedUs };
}

/** The worst of several threads: one overloaded thread distorts the figures of all. */
export function worstOf(all: readonly Health[]): Health {
  const lagAt = (key: keyof ReadLag): Micros => Math.max(...all.map(({ readLag }) => readLag[key]));
  return {
    cpu: Math.max(...all.map((health) => health.cpu)),
    coreWait: Math.max(...all.map((health) => health.coreWait)),
    eventLoopDelayP99Us: Math.max(...all.map((health) => health.eventLoopDelayP99Us)),
    longestStopUs: Math.max(...all.map((health) => health.longestStopUs)),
    gc: Math.max(...all.map((health) => health.gc)),
    latenessP99Us: Math.max(...all.map((health) => health.latenessP99Us)),
    readLag: { p50Us: lagAt('p50Us'), p90Us: lagAt('p90Us'), p95Us: lagAt('p95Us'), p99Us: lagAt('p99Us') },
  };
}
