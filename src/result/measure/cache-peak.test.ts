import { describe, expect, it } from 'vitest';
import type { RecordedBucket } from '../../recording/buckets.ts';
import { timesAtPeak } from './cache-peak.ts';

/** Below 256 us, a bucket of times is one microsecond. */
const bucket = (us: number, calls: number): RecordedBucket => ({
  ok: calls,
  errors: 0,
  lost: 0,
  instances: [],
  times: [[us, calls]],
});

describe('the times of calls at the peak of the origin', () => {
  it('are those that ended in the busiest step and in the one after it', () => {
    const buckets = [bucket(50, 100), bucket(200, 60), bucket(150, 60), bucket(40, 100)];
    expect(timesAtPeak({ buckets }, [3, 90, 20, 4])).toEqual({ atMs: 100, p99Us: 200, otherP99Us: 50 });
  });

  it.each<[string, readonly RecordedBucket[], readonly number[]]>([
    ['without buckets', [], [3, 90]],
    ['without requests to the origin', [bucket(50, 300), bucket(50, 300), bucket(50, 300)], [0, 0, 0]],
    ['with too few calls at the peak', [bucket(50, 300), bucket(50, 30), bucket(50, 30)], [0, 9, 0]],
  ])('are not told %s', (_, buckets, originSteps) => {
    expect(timesAtPeak({ buckets }, originSteps)).toBeNull();
  });
});
