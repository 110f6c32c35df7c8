/** @module What a load has come to so far, for a progress display: counts that are cheap to keep, to pass on and to add up. */
import { answered, type Outcome } from '../../protocol/outcome.ts';
import { bucketCount, bucketOf, clampTime, lowestOf } from '../../recording/histogram.ts';
import type { Micros } from '../../units/time.ts';

/** Buckets with two significant digits. */
const COARSE = 8;

/** Counts of one thread or of all, warm-up included. */
export interface Progress {
  readonly due: number;
  readonly done: number;
  readonly failed: number;
  /** Answered calls by the bucket of their response time; empty before the first answer. */
  readonly times: Uint32Array;
}

/** The progress of a load that has not begun. */
export const NO_PROGRESS: Progress = { due: 0, done: 0, failed: 0, times: new Uint32Array(0) };

/** Counts the progress of one thread. */
export class ProgressCount implements Progress {
  due = 0;
  done = 0;
  failed = 0;
  readonly times: Uint32Array = new Uint32Array(bucketCount(COARSE));

  /** A call ended `responseUs` after it was due. */
  ended(outcome: Outcome, responseUs: Micros): void {
    this.done += 1;
    if (outcome !== 'ok' && outcome !== 'aborted') this.failed += 1;
    if (answered(outcome)) this.times[bucketOf(clampTime(responseUs), COARSE)]! += 1;
  }
}

/** The progress of all threads together. */
export function sumOf(parts: readonly Progress[]): Progress {
  const times = new Uint32Array(Math.max(...parts.map((part) => part.times.length)));
  for (const part of parts) for (const [bucket, calls] of part.times.entries()) times[bucket]! += calls;
  const sum = (key: 'due' | 'done' | 'failed'): number => parts.reduce((total, part) => total + part[key], 0);
  return { due: sum('due'), done: sum('done'), failed: sum('failed'), times };
}

/** A percentile of the response times so far, to two digits; `undefined` before the first answer. */
export function percentileSoFar({ times }: Progress, percentile: number): Micros | undefined {
  const total = times.reduce((sum, calls) => sum + calls, 0);
  const wanted = Math.max(1, Math.ceil((percentile / 100) * total));
  let seen = 0;
  for (const [bucket, calls] of times.entries()) {
    seen += calls;
    if (calls > 0 && seen >= wanted) return lowestOf(bucket, COARSE);
  }
  return undefined;
}
