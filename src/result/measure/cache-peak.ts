/** @module What calls took while requests for lists came to the origin in the largest number. */
import { BUCKET_US, bucketsP99, timesIn } from '../../recording/buckets.ts';
import type { Recording } from '../../recording/recording.ts';
import type { CacheFigures } from './cache-figures.ts';

/** The busiest step, and the one after it, in which what has piled up is served. */
const STEPS = 2;
/** Fewer calls have no 99th percentile. */
const FEWEST = 100;

/** `originSteps`: requests to the origin in steps of the length of a bucket. Null without buckets, without requests, and with too few calls. */
export function timesAtPeak(
  { buckets = [] }: Pick<Recording, 'buckets'>,
  originSteps: readonly number[],
): CacheFigures['atPeak'] {
  const most = Math.max(0, ...originSteps);
  const step = originSteps.indexOf(most);
  const [during, others] = [
    buckets.slice(step, step + STEPS),
    [...buckets.slice(0, step), ...buckets.slice(step + STEPS)],
  ];
  if (most === 0 || timesIn(during) < FEWEST || timesIn(others) < FEWEST) return null;
  return {
    atMs: (step * BUCKET_US) / 1000,
    p99Us: bucketsP99(during)!,
    otherP99Us: bucketsP99(others)!,
  };
}
