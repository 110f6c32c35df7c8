import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf } from './bins.ts';
import { recordingOf } from './result.case.ts';
import { summarise } from './summarise.ts';

const binned = (times: readonly number[]) =>
  binsOf(
    summarise(recordingOf(times.map((responseUs) => ({ count: 1, responseUs })))).histograms['responseTime'],
  );

describe('the bins of response times', () => {
  it('have edges a tenth of a decade apart, from the first call to the last, empty ones included', () => {
    expect(binned([1000, 1000, 1258, 1259, 3000])).toEqual([
      { fromUs: 1000, toUs: 1259, calls: 3, share: 0.6 },
      { fromUs: 1259, toUs: 1585, calls: 1, share: 0.2 },
      { fromUs: 1585, toUs: 1995, calls: 0, share: 0 },
      { fromUs: 1995, toUs: 2512, calls: 0, share: 0 },
      { fromUs: 2512, toUs: 3162, calls: 1, share: 0.2 },
    ]);
  });

  it('are none without calls or without a histogram', () => {
    expect(binned([])).toEqual([]);
    expect(binsOf(undefined)).toEqual([]);
  });

  it('hold every call once, whatever its time', () => {
    const times = fc.array(fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 3_600_000_000 })), { minLength: 1 });
    fc.assert(
      fc.property(times, (us) => {
        const bins = binned(us);
        expect(bins.reduce((sum, { calls }) => sum + calls, 0)).toBe(us.length);
        expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        for (const [at, bin] of bins.entries()) expect(bin.fromUs).toBe(bins[at - 1]?.toUs ?? bin.fromUs);
        // Times are kept to three digits.
        expect(bins[0]!.fromUs).toBeLessThanOrEqual(Math.max(1, Math.min(...us)));
        expect(bins.at(-1)!.toUs).toBeGreaterThan(0.999 * Math.max(...us));
      }),
      { numRuns: 50 },
    );
  });
});
