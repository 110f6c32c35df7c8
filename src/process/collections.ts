/** @module How long a process collects garbage, by the time at which it does. */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import type { Micros, Millis } from '../units/time.ts';

/** Collections that began in the same tenth of a second are added up. */
export const COLLECTION_STEP: Millis = 100;

/** The time of collections by step: how many steps after the epoch they began. Plain data. */
export type CollectionTimes = readonly (readonly [step: number, us: Micros])[];

/** Watches the collections of this process from now on. The function gives those so far, in the order of time. */
export function watchCollections(): () => CollectionTimes {
  const times = new Map<number, Micros>();
  const take = (entries: readonly { readonly startTime: Millis; readonly duration: Millis }[]): void => {
    for (const { startTime, duration } of entries) {
      const step = Math.floor((performance.timeOrigin + startTime) / COLLECTION_STEP);
      times.set(step, (times.get(step) ?? 0) + duration * 1000);
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    take(observer.takeRecords());
    return [...times].sort(([a], [b]) => a - b);
  };
}
