import { describe, expect, it } from 'vitest';
import { type Distribution, isSupported, statisticOf } from './distribution.ts';

describe('a percentile of calls', () => {
  it.each([
    { percentile: 50, calls: 1, supported: false },
    { percentile: 50, calls: 2, supported: true },
    { percentile: 90, calls: 9, supported: false },
    { percentile: 90, calls: 10, supported: true },
    { percentile: 95, calls: 19, supported: false },
    { percentile: 95, calls: 20, supported: true },
    { percentile: 99, calls: 99, supported: false },
    { percentile: 99, calls: 100, supported: true },
    { percentile: 99.9, calls: 20, supported: false },
    { percentile: 99.9, calls: 999, supported: false },
    { percentile: 99.9, calls: 1000, supported: true },
    { percentile: 99.99, calls: 9999, supported: false },
    { percentile: 99.99, calls: 10_000, supported: true },
    { percentile: 0, calls: 0, supported: false },
  ])('p$percentile of $calls: $supported', ({ percentile, calls, supported }) => {
    expect(isSupported(percentile, calls)).toBe(supported);
  });
});

describe('a statistic of a distribution', () => {
  const of = (count: number): Distribution => ({
    count,
    meanUs: 1,
    p50Us: 2,
    p90Us: 3,
    p95Us: 4,
    p99Us: 5,
    p999Us: 6,
    maxUs: 7,
  });
  const KEYS = ['meanUs', 'p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'maxUs'] as const;

  it.each([
    { count: 0, values: [null, null, null, null, null, null, null] },
    { count: 1, values: [1, null, null, null, null, null, 7] },
    { count: 20, values: [1, 2, 3, 4, null, null, 7] },
    { count: 100, values: [1, 2, 3, 4, 5, null, 7] },
    { count: 1000, values: [1, 2, 3, 4, 5, 6, 7] },
  ])('has those that $count calls support', ({ count, values }) => {
    expect(KEYS.map((key) => statisticOf(of(count), key))).toEqual(values);
  });
});
