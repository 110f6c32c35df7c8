import { describe, expect, it } from 'vitest';
import type { IntervalPair } from '../model.ts';
import { ratioRange, ratioTicks } from './ratio-axis.ts';

const pairOf = (ratio: number, ciLow: number, ciHigh: number): IntervalPair['comparison'] => ({
  metric: 'responseTime.p99Us',
  base: 'a',
  candidate: 'b',
  ratio,
  ciLow,
  ciHigh,
  verdict: 'undecided',
  because: 'wide-interval',
  repetitions: 3,
  alike: true,
});

describe('the axis of ratios', () => {
  it.each([
    [0.9, 1.1, 800],
    [1.2, 9, 326],
    [0.001, 1.01, 326],
    [0.5, 0.6, 326],
  ])(
    'has from %d to %d in %d px ticks that cover it, hold 1 and leave room for labels',
    (low, high, pixels) => {
      const ticks = ratioTicks(low, high, pixels);
      expect(ticks[0]!).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high);
      expect(ticks).toContain(1);
      const perUnit = pixels / Math.log(ticks.at(-1)! / ticks[0]!);
      for (const [at, tick] of ticks.slice(1).entries())
        expect(Math.log(tick / ticks[at]!) * perUnit).toBeGreaterThan(45);
    },
  );

  it.each([
    {
      of: 'intervals near their ratios',
      pairs: [pairOf(1.2, 1, 1.5), pairOf(0.9, 0.8, 1)],
      range: [0.8, 1.5],
    },
    { of: 'an interval far above its ratio', pairs: [pairOf(1.2, 1, 90)], range: [1, 2.4] },
    { of: 'an interval far below its ratio', pairs: [pairOf(0.8, 0.01, 1.1)], range: [0.4, 1.1] },
    { of: 'a far ratio, which is shown', pairs: [pairOf(40, 30, 50), pairOf(1, 0.1, 9)], range: [0.5, 50] },
  ])('covers of $of no more than is useful', ({ pairs, range }) => {
    expect(ratioRange(pairs)).toEqual(range);
  });
});
