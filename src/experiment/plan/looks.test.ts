import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILY_LEVEL } from '../../result/statistics/holm.ts';
import { lookLevels } from '../../result/statistics/spending.ts';
import { levelsAt, looksUpTo } from './looks.ts';

describe('the looks', () => {
  it.each([
    [30, [5, 10, 15, 20, 30]],
    [12, [5, 10, 12]],
    [5, [5]],
    [3, [3]],
    [50, [5, 10, 15, 20, 30, 50]],
  ])('of at most %i pairs are after %j', (most, looks) => {
    expect(looksUpTo(most)).toEqual(looks);
  });
});

describe('the levels of a look', () => {
  it('that was planned are those of the whole plan', () => {
    const looks = looksUpTo(15);
    const levels = lookLevels(looks, FAMILY_LEVEL);
    expect(looks.map((pairs) => levelsAt(looks, pairs).headlines)).toEqual(levels);
  });

  it('spend 5 % together, wherever the last one is', () =>
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 2, max: 30 }), (most, until) => {
        const looks = looksUpTo(most);
        const last = Math.min(until, most);
        const made = [...looks.filter((pairs) => pairs < last), last];
        const levels = made.map((pairs) => levelsAt(looks, pairs));
        const spent = levels.reduce((sum, { others }) => sum + others, 0);
        expect(spent).toBeLessThanOrEqual(FAMILY_LEVEL + 1e-9);
        if (last === most) expect(spent).toBeCloseTo(FAMILY_LEVEL, 9);
        for (const { headlines, others } of levels) {
          // What one test spends anew is less than its level, as part of that was spent at earlier looks.
          expect(headlines).toBeGreaterThanOrEqual(others - 1e-9);
          expect(headlines).toBeLessThanOrEqual(FAMILY_LEVEL + 1e-9);
        }
      }),
      { numRuns: 20 },
    ));

  it('of too few pairs for any test do not matter, but exist', () => {
    expect(levelsAt([5], 0).headlines).toBeGreaterThan(0);
  });
});
