import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawAt, indexOfDraw, randomAt, streamKey, uint32At } from './random.ts';

const draws = (seed: number, index: number, count = 4): readonly number[] => {
  const random = randomAt(seed, 'call', index);
  return Array.from({ length: count }, () => random.uint32());
};

/** Chi-squared of `values` in [0, 1) over 16 equal bins; 15 degrees of freedom, 99.9 % quantile 37.7. */
function chiSquared(values: readonly number[]): number {
  const bins = new Array<number>(16).fill(0);
  for (const value of values) bins[Math.floor(value * 16)]! += 1;
  const expected = values.length / 16;
  return bins.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
}

describe('seeded random', () => {
  it('repeats under the same seed, stream and index', () => expect(draws(7, 3)).toEqual(draws(7, 3)));

  it('differs between seeds, indexes and streams', () => {
    expect(draws(7, 3)).not.toEqual(draws(8, 3));
    expect(draws(7, 3)).not.toEqual(draws(7, 4));
    expect(draws(7, 0)).not.toEqual(draws(7, 2 ** 32));
    expect(randomAt(7, 'agent').uint32()).not.toBe(randomAt(7, 'call').uint32());
  });

  it('has not changed: earlier results can be repeated', () => {
    const hash = createHash('sha256');
    for (const [seed, index] of [
      [1, 0],
      [7, 3],
      [2 ** 31, 2 ** 31],
      [3, 2 ** 40 + 5],
    ] as const) {
      const random = randomAt(seed, 'argument', index);
      for (let i = 0; i < 50; i += 1) hash.update(`${random.uint32()} ${random.next()} ${random.below(62)},`);
    }
    expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"202ddeb211cb7712"`);
  });

  it('is uniform within a sequence', () => {
    const random = randomAt(1, 'arrival');
    expect(chiSquared(Array.from({ length: 100_000 }, () => random.next()))).toBeLessThan(37.7);
  });

  it('is uniform over the first draws of neighbouring sequences', () => {
    expect(
      chiSquared(Array.from({ length: 20_000 }, (_, index) => randomAt(1, 'argument', index).next())),
    ).toBeLessThan(37.7);
  });

  it('is uniform over single draws by index, and neighbours are not correlated', () => {
    const key = streamKey(1, 'agent');
    const values = Array.from({ length: 100_000 }, (_, index) => drawAt(key, index));
    expect(chiSquared(values)).toBeLessThan(37.7);
    const covariance =
      values.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * (values[i]! - 0.5), 0) / values.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.02);
  });

  it('finds the index of a draw', () => {
    const any32 = fc.nat(2 ** 32 - 1);
    fc.assert(
      fc.property(any32, any32, (seed, index) => {
        const key = streamKey(seed, 'trace');
        expect(indexOfDraw(key, uint32At(key, index))).toBe(index);
      }),
    );
  });

  it('draws below a bound', () => {
    const random = randomAt(1, 'order');
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(5)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
