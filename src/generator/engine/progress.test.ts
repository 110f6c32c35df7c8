import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PROGRESS, ProgressCount, percentileSoFar, sumOf } from './progress.ts';

describe('the progress of a load', () => {
  it('has the percentiles of its response times, to two digits, over all threads', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60_000_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 100 }),
        (all, threads, percentile) => {
          const counts = Array.from({ length: threads }, () => new ProgressCount());
          for (const [index, us] of all.entries()) counts[index % threads]!.ended('ok', us);
          const sorted = [...all].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((percentile / 100) * sorted.length) - 1]!;
          const read = percentileSoFar(sumOf(counts), percentile)!;
          expect(read).toBeLessThanOrEqual(exact);
          expect(read).toBeGreaterThanOrEqual(exact * 0.99 - 1);
        },
      ),
    );
  });

  it('counts failures, but no time where there was no answer, and nothing of its own aborts', () => {
    const count = new ProgressCount();
    count.ended('refused', 10);
    count.ended('aborted', 10);
    count.ended('tool-error', 1000);
    const sum = sumOf([count, NO_PROGRESS]);
    expect(sum).toMatchObject({ due: 0, done: 3, failed: 2 });
    expect(sum.times.reduce((total, calls) => total + calls)).toBe(1);
    expect(percentileSoFar(NO_PROGRESS, 99)).toBeUndefined();
  });
});
