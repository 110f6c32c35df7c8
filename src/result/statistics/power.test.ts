import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairsNeeded, smallestFound } from './power.ts';
import { strongestClaim } from './three-sided.ts';

const LEVEL = 0.05;
const MARGIN = Math.log1p(0.05);

/** The estimate of `pairs` pairs that vary by `deviation` around `mean`. */
const estimateOf = (mean: number, deviation: number, pairs: number) => ({
  mean,
  error: deviation / Math.sqrt(pairs),
  degrees: pairs - 1,
});

describe('the smallest change that is found', () => {
  it('is the margin without noise', () => {
    expect(smallestFound({ mean: 0, error: 0, degrees: 9 }, MARGIN, LEVEL)).toBe(MARGIN);
  });

  it.each([
    // Ten pairs that vary by 3 % find +8 % in 86 % of comparisons, and five in 54 % (docs/accuracy.md).
    { pairs: 10, found: [0.075, 0.08] },
    { pairs: 5, found: [0.085, 0.1] },
  ])('of $pairs pairs that vary by 3 % is between $found', ({ pairs, found: [least, most] }) => {
    const found = Math.expm1(smallestFound(estimateOf(0, 0.03, pairs), MARGIN, LEVEL));
    expect(found).toBeGreaterThan(least!);
    expect(found).toBeLessThan(most!);
  });

  it('becomes smaller with more pairs, and larger with a stricter level', () => {
    const found = (pairs: number, level: number): number =>
      smallestFound(estimateOf(0, 0.03, pairs), MARGIN, level);
    expect(found(20, LEVEL)).toBeLessThan(found(10, LEVEL));
    expect(found(10, LEVEL / 4)).toBeGreaterThan(found(10, LEVEL));
  });
});

describe('the pairs that are still needed', () => {
  it('are more for a change close to the margin, and no number is enough for one on it', () => {
    const needed = (mean: number): number | null => pairsNeeded(estimateOf(mean, 0.03, 5), 5, MARGIN, LEVEL);
    expect(needed(Math.log1p(0.06))!).toBeGreaterThan(needed(Math.log1p(0.08))!);
    expect(needed(MARGIN)).toBeNull();
  });

  it('are one at least, and enough for a claim when mean and noise stay as they are', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        fc.integer({ min: 3, max: 30 }),
        (mean, deviation, pairs) => {
          const more = pairsNeeded(estimateOf(mean, deviation, pairs), pairs, MARGIN, LEVEL);
          if (more === null) return;
          expect(more).toBeGreaterThanOrEqual(1);
          expect(strongestClaim(estimateOf(mean, deviation, pairs + more), MARGIN).tail).toBeLessThan(LEVEL);
        },
      ),
    ));
});
