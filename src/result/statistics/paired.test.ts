import { describe, expect, it } from 'vitest';
import { pairedDifference, type TrialPair } from './paired.ts';

describe('the difference of pairs', () => {
  const pairs: readonly TrialPair[] = [
    { first: 1000, second: 1101, later: 1 },
    { first: 1200, second: 1299, later: -1 },
    { first: 900, second: 1000, later: 1 },
  ];

  it('is their mean, whatever both sides of a pair have in common', () => {
    const { mean, interval } = pairedDifference(pairs);
    expect(mean).toBeCloseTo(100, 9);
    // Student's t of 2 degrees of freedom is 4.303, the standard error 1 / sqrt(3).
    expect(interval!.high - 100).toBeCloseTo(4.303 / Math.sqrt(3), 2);
    expect(100 - interval!.low).toBeCloseTo(4.303 / Math.sqrt(3), 2);
  });

  it('has no interval with fewer than three pairs', () => {
    expect(pairedDifference(pairs.slice(0, 2))).toEqual({ mean: 100, interval: undefined });
    expect(pairedDifference(pairs.slice(0, 1))).toEqual({ mean: 101, interval: undefined });
  });

  it('is free of linear drift from six pairs on, also in an order that is not balanced', () => {
    const drifting = [1, 1, -1, 1, 1, 1].map((later, at) => ({
      first: 100 * at,
      second: 100 * at + 50 + 7 * later,
      later,
    }));
    const { mean, interval } = pairedDifference(drifting);
    expect(mean).toBeCloseTo(50, 6);
    expect(interval!.high - interval!.low).toBeCloseTo(0, 6);
  });

  it('of trials that were all run in the same order is their mean', () => {
    const same = Array.from({ length: 8 }, (_, at) => ({ first: 0, second: at % 2, later: 1 }));
    expect(pairedDifference(same).mean).toBeCloseTo(0.5, 9);
  });
});
