import { describe, expect, it } from 'vitest';
import { compareShares, fisherTail, type Share } from './shares.ts';

const share = (events: number, of: number): Share => ({ events, of });

describe("Fisher's exact test", () => {
  it.each([
    // Fisher's tea: 3 of 4 right, one-sided 17/70.
    { one: share(3, 4), other: share(1, 4), tail: 34 / 70 },
    { one: share(4, 4), other: share(0, 4), tail: 2 / 70 },
    { one: share(1, 100_000), other: share(3, 100_000), tail: 0.625 },
    { one: share(0, 100_000), other: share(3, 100_000), tail: 0.25 },
    { one: share(5, 50), other: share(50, 500), tail: 1 },
    { one: share(0, 10), other: share(0, 10), tail: 1 },
    { one: share(10, 10), other: share(10, 10), tail: 1 },
  ])('of $one and $other: $tail', ({ one, other, tail }) => {
    expect(fisherTail(one, other)).toBeCloseTo(tail, 3);
    expect(fisherTail(other, one)).toBeCloseTo(tail, 3);
  });

  it('tells 0 from 95 of 100,000', () => {
    expect(fisherTail(share(0, 100_000), share(95, 100_000))).toBeLessThan(1e-20);
  });

  it('of many events is as quick and as sure', () => {
    expect(fisherTail(share(500_000, 1_000_000), share(500_100, 1_000_000))).toBeGreaterThan(0.8);
    expect(fisherTail(share(500_000, 1_000_000), share(510_000, 1_000_000))).toBeLessThan(1e-20);
  });
});

describe('shares of several trials', () => {
  it('are told apart when trials differ by chance only', () => {
    const trials = [share(10, 1000), share(11, 1000), share(9, 1000)];
    const more = [share(25, 1000), share(24, 1000), share(26, 1000)];
    const { tail } = compareShares(trials, more);
    expect(tail).toBeLessThan(0.005);
    expect(tail).toBeGreaterThanOrEqual(fisherTail(share(30, 3000), share(75, 3000)));
  });

  it('are told apart where one side has none, as counts of independent calls come', () => {
    const none = [0, 0, 0].map((events) => share(events, 33_333));
    for (const events of [
      [32, 31, 32],
      [25, 38, 32],
      [22, 31, 42],
    ]) {
      const some = events.map((count) => share(count, 33_333));
      expect(compareShares(none, some).tail).toBeLessThan(0.0025);
    }
  });

  it('are less certain when trials differ by more than chance', () => {
    const trials = [share(0, 1000), share(0, 1000), share(30, 1000)];
    const more = [share(75, 1000), share(0, 1000), share(0, 1000)];
    expect(fisherTail(share(30, 3000), share(75, 3000))).toBeLessThan(1e-4);
    expect(compareShares(trials, more).tail).toBeGreaterThan(0.2);
  });
});

describe('the estimate of a difference of shares', () => {
  it('is the difference of the sums, with an error that events of few calls do not make 0', () => {
    const { estimate } = compareShares([share(0, 500), share(0, 500)], [share(5, 500), share(5, 500)]);
    expect(estimate.mean).toBeCloseTo(0.01, 9);
    // With one event and one other call more: 1/1002 and 11/1002.
    const variance = (share: number): number => (share * (1 - share)) / 1002;
    expect(estimate.error).toBeCloseTo(Math.sqrt(variance(1 / 1002) + variance(11 / 1002)), 9);
  });

  it('is certain where all calls of both sides ended alike', () => {
    for (const events of [0, 100])
      expect(compareShares([share(events, 100)], [share(events, 100)]).estimate).toMatchObject({
        mean: 0,
        error: 0,
      });
  });

  it('is less certain when trials differ by more than chance', () => {
    const errorOf = (...events: number[]): number =>
      compareShares(
        [share(10, 1000), share(10, 1000)],
        events.map((count) => share(count, 1000)),
      ).estimate.error;
    expect(errorOf(0, 60)).toBeGreaterThan(2 * errorOf(30, 30));
  });
});
