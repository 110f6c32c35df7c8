import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outliersOf } from './gesd.ts';

/** Rosner's data, as the NIST/SEMATECH e-Handbook of Statistical Methods quotes them (section 1.3.5.17.3): 3 outliers at 5 %. */
const ROSNER =
  `-0.25 0.68 0.94 1.15 1.20 1.26 1.26 1.34 1.38 1.43 1.49 1.49 1.55 1.56 1.58 1.65 1.69 1.70 1.76 1.77 1.81 1.91 1.94
  1.96 1.99 2.06 2.09 2.10 2.14 2.15 2.23 2.24 2.26 2.35 2.37 2.40 2.47 2.54 2.62 2.64 2.90 2.92 2.92 2.93 3.21 3.26 3.30 3.59 3.68
  4.30 4.64 5.34 5.42 6.01`
    .split(/\s+/)
    .map(Number);

describe('outliers', () => {
  it('are those of Rosner’s data', () => {
    const found = outliersOf(ROSNER, 10).map((index) => ROSNER[index]);
    expect(found).toEqual([6.01, 5.42, 5.34]);
  });

  it('are one at most where one is allowed: the second of the same size hides both', () => {
    expect(outliersOf([10, 10.1, 9.9, 10.2, 9.8, 20], 1)).toEqual([5]);
    expect(outliersOf([10, 10.1, 9.9, 10.2, 9.8, 10, 20, 20.1], 1)).toEqual([]);
    expect([...outliersOf([10, 10.1, 9.9, 10.2, 9.8, 10, 20, 20.1], 2)].sort()).toEqual([6, 7]);
  });

  it('are none among equal values, and among two', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.nat(20), (value, count) => {
        expect(outliersOf(Array(count).fill(value), 3)).toEqual([]);
      }),
    );
    expect(outliersOf([1, 1000], 1)).toEqual([]);
  });

  it('stay the same when the unit changes', () => {
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.constantFrom(2, 1024, 0.5), (given, scale) => {
        const scaled = given.map((value) => value * scale);
        expect(outliersOf(scaled, 3)).toEqual(outliersOf(given, 3));
      }),
    );
  });
});
