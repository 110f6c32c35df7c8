import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeHistogram,
  emptyHistogram,
  interpolatedPercentile,
  meanOf,
  percentileOf,
  Tally,
} from './histogram.ts';

const histogramOf = (times: readonly number[]) => {
  const tally = new Tally();
  for (const us of times) tally.record(us);
  return decodeHistogram(tally.series().histogram);
};

describe('an interpolated percentile', () => {
  it('lies within the bucket of the percentile', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 300 });
    return fc.assert(
      fc.property(times, fc.constantFrom(1, 50, 90, 99, 100), (all, percentile) => {
        const histogram = histogramOf(all);
        const end = percentileOf(histogram, percentile);
        const found = interpolatedPercentile(histogram, percentile)!;
        expect(found).toBeLessThanOrEqual(end + 0.5);
        expect(found).toBeGreaterThanOrEqual(Math.floor(end / 1.001) - 1);
      }),
    );
  });

  it('moves with the times, by less than the width of a bucket', () => {
    // At 10 ms buckets are 8 us wide.
    const at = (fromUs: number): number =>
      interpolatedPercentile(histogramOf(Array.from({ length: 500 }, (_, i) => fromUs + i)), 50)!;
    for (const shift of [1, 2, 5, 11]) expect(at(10_000 + shift) - at(10_000)).toBeCloseTo(shift, 0);
  });

  it('of no times is unknown', () => {
    expect(interpolatedPercentile(emptyHistogram(3), 50)).toBeUndefined();
  });
});

describe('the mean', () => {
  it('is that of the library', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { maxLength: 300 });
    return fc.assert(
      fc.property(times, (all) => {
        const histogram = histogramOf(all);
        expect(meanOf(histogram)).toBeCloseTo(histogram.mean, 3);
      }),
    );
  });
});
