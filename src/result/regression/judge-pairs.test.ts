import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeTested, testPairs, type ValuePair } from './judge-pairs.ts';

const MARGIN = 0.05;
const LEVEL = 0.05;
const value = fc.double({ min: 1, max: 1000, noNaN: true });
const pairs = fc.array(fc.record({ base: value, candidate: value }), { minLength: 3, maxLength: 12 });
const judged = (some: readonly ValuePair[], level = LEVEL) =>
  judgeTested(testPairs(some, 'ratio', MARGIN), level);
const exchanged = (some: readonly ValuePair[]): readonly ValuePair[] =>
  some.map(({ base, candidate }) => ({ base: candidate, candidate: base }));

describe('the judgement of pairs', () => {
  it('of ratios has the geometric mean, and the interval of logarithms', () => {
    const found = judged([
      { base: 100, candidate: 110 },
      { base: 200, candidate: 242 },
      { base: 50, candidate: 66.55 },
    ]);
    // Ratios 1.1, 1.21 and 1.331: logarithms 1, 2 and 3 times ln 1.1; Student's t of 2 degrees of freedom is 2.920.
    expect(found.change).toBeCloseTo(1.21, 9);
    expect(Math.log(found.ciHigh / 1.21)).toBeCloseTo((2.92 * Math.log(1.1)) / Math.sqrt(3), 3);
    expect(found.noise).toBeCloseTo(0.1, 9);
  });

  it('of differences has the mean in the unit of the values', () => {
    const tested = testPairs(
      [1, 2, 3].map((candidate) => ({ base: 0, candidate })),
      'difference',
      0.5,
    );
    const found = judgeTested(tested, LEVEL);
    expect(found).toMatchObject({ change: 2, claim: undefined });
    expect(found.noise).toBeCloseTo(1, 9);
    expect(found.ciHigh - 2).toBeCloseTo(2.92 / Math.sqrt(3), 3);
  });

  it('of equal values is the claim that they are within the margin', () => {
    const same = [3, 5, 7].map((one) => ({ base: one, candidate: one }));
    expect(judged(same)).toMatchObject({
      claim: 'within',
      change: 1,
      ciLow: 1,
      ciHigh: 1,
      noise: 0,
      pairsNeeded: 0,
    });
  });

  it('turns around when the sides are exchanged', () =>
    fc.assert(
      fc.property(pairs, (some) => {
        const [there, back] = [judged(some), judged(exchanged(some))];
        expect(back.change * there.change).toBeCloseTo(1, 6);
        expect(Math.log(back.ciLow) + Math.log(there.ciHigh)).toBeCloseTo(0, 6);
        const opposite = { above: 'below', below: 'above', within: 'within' } as const;
        expect(back.claim).toBe(there.claim && opposite[there.claim]);
      }),
    ));

  it('does not depend on the unit of the values', () =>
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.001, max: 1000, noNaN: true }), (some, unit) => {
        const scaled = some.map(({ base, candidate }) => ({
          base: base * unit,
          candidate: candidate * unit,
        }));
        const [own, other] = [judged(some), judged(scaled)];
        expect(other.claim).toBe(own.claim);
        expect(other.change / own.change).toBeCloseTo(1, 6);
      }),
    ));

  it('has a wider interval at a stricter level, and claims no more', () =>
    fc.assert(
      fc.property(pairs, (some) => {
        const [own, strict] = [judged(some), judged(some, LEVEL / 10)];
        expect(strict.ciLow).toBeLessThanOrEqual(own.ciLow);
        expect(strict.ciHigh).toBeGreaterThanOrEqual(own.ciHigh);
        if (strict.claim !== undefined) expect(strict.claim).toBe(own.claim);
      }),
    ));
});
