/** @module The generator's own health while it measures: an overloaded generator must not look like a slow server. */
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { spunUs } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import type { ReadLag } from './read-lag.ts';

/** Health of one thread over one period of time. */
export interface Health {
  /** Share of the time the thread worked, waiting for due times not counted, 0..1. */
  readonly cpu: number;
  /** How late a timer of the event loop fires that is set again and again, 99th percentile: for how long the loop is held up by what runs in it, or has no core. */
  readonly eventLoopDelayP99Us: Micros;
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
      gcMs = 0;
      delay.reset();
    },
    end() {
      const elapsed = Math.max(1, now() - startUs);
      const { active } = performance.eventLoopUtilization(loopBefore);
      for (const entry of observer.takeRecords()) gcMs += entry.duration;
      observer.disconnect();
      delay.disable();
      // The monitor reports the whole time from one firing to the next, so an undisturbed loop reads its resolution.
      const late = delay.count > 0 ? delay.percentile(99) / 1000 - LOOP_TIMER * 1000 : 0;
      return {
        cpu: Math.min(1, Math.max(0, (active * 1000 - (spunUs() - spunBefore)) / elapsed)),
        eventLoopDelayP99Us: Math.max(0, Math.round(late)),
        gc: Math.min(1, (gcMs * 1000) / elapsed),
      };
    },
  };
}

/** The worst of several threads: one overloaded thread distorts the figures of all. */
export function worstOf(all: readonly Health[]): Health {
  const lagAt = (key: keyof ReadLag): Micros => Math.max(...all.map(({ readLag }) => readLag[key]));
  return {
    cpu: Math.max(...all.map((health) => health.cpu)),
    eventLoopDelayP99Us: Math.max(...all.map((health) => health.eventLoopDelayP99Us)),
    gc: Math.max(...all.map((health) => health.gc)),
    latenessP99Us: Math.max(...all.map((health) => health.latenessP99Us)),
    readLag: { p50Us: lagAt('p50Us'), p90Us: lagAt('p90Us'), p95Us: lagAt('p95Us'), p99Us: lagAt('p99Us') },
  };
}
