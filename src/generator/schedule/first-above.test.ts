import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAbove } from './first-above.ts';

const weights = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });
const draw = fc.nat({ max: 2 ** 32 - 1 }).map((bits) => bits / 2 ** 32);

const sumsOf = (shares: readonly number[]): Float64Array => {
  let sum = 0;
  return Float64Array.from(shares, (share) => (sum += share));
};

describe('the first bound above a draw', () => {
  it('is the one that a scan of all bounds finds', () => {
    fc.assert(
      fc.property(weights, fc.array(draw, { minLength: 20, maxLength: 20 }), (shares, draws) => {
        const bounds = sumsOf(shares);
        const scale = bounds.at(-1)!;
        const found = firstAbove(bounds, scale);
        // The bounds themselves are where a cell could begin too late.
        for (const each of [
          0,
          ...draws,
          ...Array.from(bounds, (bound) => Math.min(bound / scale, 1 - 2 ** -32)),
        ]) {
          const scanned = bounds.findIndex((bound) => bound > each * scale);
          expect(found(each)).toBe(scanned < 0 ? shares.length - 1 : scanned);
        }
      }),
    );
  });

  it.each([1, 2, 3, 200, 256])('takes each of %d equal shares equally often', (count) => {
    const found = firstAbove(sumsOf(Array.from({ length: count }, () => 1)), count);
    const times = new Array<number>(count).fill(0);
    for (let i = 0; i < 10 * count; i += 1) times[found(i / (10 * count))]! += 1;
    for (const each of times) expect(Math.abs(each - 10)).toBeLessThanOrEqual(1);
  });
});
