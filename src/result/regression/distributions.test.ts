import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { distributionsOf } from './distributions.ts';

/** A variant on both sides, with these response times in each of its repetitions. */
function pairOf(base: readonly (readonly number[])[], candidate: readonly (readonly number[])[]) {
  const side = (repetitions: readonly (readonly number[])[]) => {
    const {
      name,
      settings,
      repetitions: measured,
    } = variantOf(
      'a',
      repetitions.map((times) => recordingOf(times.map((responseUs) => ({ count: 1, responseUs })))),
    );
    return { name, settings, repetitions: measured };
  };
  return { name: 'a', base: side(base), candidate: side(candidate), headlines: ['responseTime.p50Us'] };
}

const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);
const TIMES = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 200 });

describe('the distributions of a comparison', () => {
  it('have the calls of all repetitions, in rising bins, the same on both sides', () => {
    fc.assert(
      fc.property(TIMES, TIMES, (base, candidate) => {
        const [of] = distributionsOf([pairOf([base, base], [candidate])]);
        expect(of!.base.calls).toBe(2 * base.length);
        expect(of!.candidate.calls).toBe(candidate.length);
        expect(of!.edgesUs).toEqual([...of!.edgesUs].sort((a, b) => a - b));
        for (const { shares } of [of!.base, of!.candidate]) {
          expect(shares).toHaveLength(of!.edgesUs.length - 1);
          // A bucket that reaches over the last edge keeps a part of its calls outside.
          expect(sum(shares)).toBeGreaterThan(0.98);
          expect(sum(shares)).toBeLessThan(1.0001);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('put calls where they took their time', () => {
    const [of] = distributionsOf([pairOf([[1000, 1000, 1000, 4000]], [[2000]])]);
    const at = (us: number, side: 'base' | 'candidate'): number => {
      const bin = of!.edgesUs.findLastIndex((edge) => edge <= us);
      return of![side].shares[bin]! + of![side].shares[bin - 1]!;
    };
    expect(at(1000, 'base')).toBeCloseTo(0.75, 2);
    expect(at(4000, 'base')).toBeCloseTo(0.25, 2);
    expect(at(2000, 'candidate')).toBeCloseTo(1, 2);
    expect(of!.base.p50Us).toBe(1000);
  });

  it('have no comb where bins are as narrow as buckets', () => {
    const even = Array.from({ length: 20_000 }, (_, at) => 100 + (at % 40));
    const [of] = distributionsOf([pairOf([even], [even])]);
    const densities = of!.base.shares.map((share, at) => share / (of!.edgesUs[at + 1]! - of!.edgesUs[at]!));
    const inside = densities.filter((_, at) => of!.edgesUs[at]! > 102 && of!.edgesUs[at + 1]! < 137);
    expect(inside.length).toBeGreaterThan(10);
    for (const density of inside) expect(density).toBeCloseTo(1 / 40, 3);
  });

  it('have at most 130 bins, whatever the range', () => {
    const wide = Array.from({ length: 40_000 }, (_, at) => Math.round(10 ** ((at % 400) / 60)));
    const [of] = distributionsOf([pairOf([wide], [wide])]);
    expect(of!.edgesUs.length).toBeLessThan(130);
  });

  it('are left out where a side has no times', () => {
    expect(distributionsOf([pairOf([[1000]], [])])).toEqual([]);
    expect(distributionsOf([{ ...pairOf([[1000]], []), candidate: undefined }])).toEqual([]);
  });
});
