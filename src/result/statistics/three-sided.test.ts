import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentQuantile } from './student.ts';
import { type Claim, type Estimate, strongestClaim } from './three-sided.ts';

const estimate = fc.record({
  mean: fc.double({ min: -10, max: 10, noNaN: true }),
  error: fc.double({ min: 1e-3, max: 10, noNaN: true }),
  degrees: fc.integer({ min: 1, max: 100 }),
});
const margin = fc.double({ min: 1e-3, max: 5, noNaN: true });

const MIRRORED = { above: 'below', below: 'above', within: 'within' } as const;

describe('the three-sided test', () => {
  // Student's t of 9 degrees of freedom exceeds 1.833 with 5 %, and 2.821 with 1 %.
  it.each<[string, Estimate, Claim, number]>([
    ['far above the margin', { mean: 1 + 2.821 * 0.1, error: 0.1, degrees: 9 }, 'above', 0.01],
    ['just above it', { mean: 1 + 1.833 * 0.1, error: 0.1, degrees: 9 }, 'above', 0.05],
    ['far below its opposite', { mean: -1 - 1.833 * 0.1, error: 0.1, degrees: 9 }, 'below', 0.05],
    ['near to zero', { mean: 1 - 1.833 * 0.1, error: 0.1, degrees: 9 }, 'within', 0.05],
    ['no difference, without noise', { mean: 0, error: 0, degrees: 2 }, 'within', 0],
    ['a difference, without noise', { mean: 1.1, error: 0, degrees: 2 }, 'above', 0],
    ['an infinite difference', { mean: Number.POSITIVE_INFINITY, error: 1, degrees: 2 }, 'above', 0],
  ])('of %s', (_, one, claim, tail) => {
    const found = strongestClaim(one, 1);
    expect(found.claim).toBe(claim);
    expect(found.tail).toBeCloseTo(tail, 3);
  });

  it('claims nothing of a difference exactly at the margin', () => {
    for (const error of [0, 0.1])
      expect(strongestClaim({ mean: 1, error, degrees: 9 }, 1).tail).toBeCloseTo(0.5, 6);
  });

  it('makes the opposite claim when the sides are exchanged', () =>
    fc.assert(
      fc.property(estimate, margin, (one, size) => {
        const [there, back] = [one, { ...one, mean: -one.mean }].map((each) => strongestClaim(each, size));
        expect(back!.tail).toBeCloseTo(there!.tail, 9);
        if (there!.tail < 0.4) expect(back!.claim).toBe(MIRRORED[there!.claim]);
      }),
    ));

  it('does not depend on the unit', () =>
    fc.assert(
      fc.property(estimate, margin, fc.double({ min: 0.01, max: 100, noNaN: true }), (one, size, unit) => {
        const scaled = { ...one, mean: one.mean * unit, error: one.error * unit };
        expect(strongestClaim(scaled, size * unit).tail).toBeCloseTo(strongestClaim(one, size).tail, 9);
      }),
    ));

  it('claims what the whole interval at twice the level shows, and nothing else', () =>
    fc.assert(
      fc.property(estimate, margin, fc.constantFrom(0.001, 0.01, 0.025, 0.05, 0.2), (one, size, level) => {
        const reach = studentQuantile(2 * level, one.degrees) * one.error;
        const [low, high] = [one.mean - reach, one.mean + reach];
        const shown: Claim | undefined =
          low > size ? 'above' : high < -size ? 'below' : low > -size && high < size ? 'within' : undefined;
        const { claim, tail } = strongestClaim(one, size);
        const isNear = Math.abs(tail - level) < 1e-9;
        if (!isNear) expect(tail < level ? claim : undefined).toBe(shown);
      }),
    ));
});
