import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlierTrials } from './outlier-trials.ts';

describe('outliers among repetitions', () => {
  it('are found where one was planted, beside the median of the others', () => {
    expect(outlierTrials([100, 103, 98, 180, 101])).toEqual([{ at: 3, value: 180, othersMedian: 100.5 }]);
    expect(outlierTrials([100, 40, 103, 98, 101, 99])).toEqual([{ at: 1, value: 40, othersMedian: 100 }]);
  });

  it.each([
    ['repetitions that differ as they usually do', [100, 103, 98, 107, 101]],
    ['a slope', [100, 110, 120, 130, 140, 150]],
    ['equal values', [100, 100, 100, 100, 100]],
    ['values that are almost equal, of which one is the farthest', [100, 100, 100, 100, 101]],
    ['four repetitions, which are too few to tell', [100, 101, 99, 300]],
  ])('are none of %s', (_, values) => {
    expect(outlierTrials(values)).toEqual([]);
  });

  it('do not depend on the unit, and are never more than half of the values', () => {
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 15 });
    fc.assert(
      fc.property(values, (some) => {
        const places = outlierTrials(some).map(({ at }) => at);
        expect(places.length).toBeLessThanOrEqual(some.length / 2);
        // Powers of two, so that no rounding moves a fence.
        expect(outlierTrials(some.map((value) => value * 1024)).map(({ at }) => at)).toEqual(places);
      }),
    );
  });
});
