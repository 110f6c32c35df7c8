import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomAt } from '../../units/random.ts';
import { type Block, balancedOrder } from './balanced-order.ts';

const order = (variants: number, blocks: number, seed: number): readonly Block[] =>
  balancedOrder(variants, blocks, randomAt(seed, 'order'));

/** `counts[variant][place]`. */
function placesOf(blocks: readonly Block[]): readonly (readonly number[])[] {
  return blocks[0]!.map((_, variant) =>
    blocks[0]!.map((_, place) => blocks.filter((block) => block[place] === variant).length),
  );
}

const sumsOf = (blocks: readonly Block[]): readonly number[] =>
  placesOf(blocks).map((counts) => counts.reduce((sum, count, place) => sum + count * place, 0));

const cases = fc.record({
  variants: fc.integer({ min: 1, max: 8 }),
  blocks: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('a balanced order', () => {
  it('has every variant once in each block', () =>
    fc.assert(
      fc.property(cases, ({ variants, blocks, seed }) => {
        const all = Array.from({ length: variants }, (_, index) => index);
        const found = order(variants, blocks, seed);
        expect(found).toHaveLength(blocks);
        for (const block of found) expect([...block].sort((a, b) => a - b)).toEqual(all);
      }),
    ));

  it('has every variant equally often in each place, as far as the numbers allow', () =>
    fc.assert(
      fc.property(cases, ({ variants, blocks, seed }) => {
        const counts = placesOf(order(variants, blocks, seed)).flat();
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(
          blocks % variants === 0 ? 0 : 1,
        );
      }),
    ));

  it('cancels linear drift in each pair of blocks of an even number of variants', () =>
    fc.assert(
      fc.property(cases, ({ variants, blocks, seed }) => {
        const sums = sumsOf(order(2 * variants, 2 * blocks, seed));
        expect(new Set(sums).size).toBe(1);
      }),
    ));

  it.each([2, 4, 6, 3, 5])('of %i variants lets each follow each other one equally often', (variants) => {
    const blocks = order(variants, variants % 2 === 0 ? variants : 2 * variants, 1);
    const followed = new Map<string, number>();
    for (const block of blocks) {
      for (const [place, variant] of block.slice(1).entries()) {
        const key = `${block[place]} ${variant}`;
        followed.set(key, (followed.get(key) ?? 0) + 1);
      }
    }
    expect(followed.size).toBe(variants * (variants - 1));
    expect(new Set(followed.values()).size).toBe(1);
  });

  it.each([
    [2, 3, ['ab ba ab', 'ab ba ba', 'ba ab ab', 'ba ab ba']],
    [2, 1, ['ab', 'ba']],
    [1, 2, ['a a']],
  ])('of %i variants in %i blocks is one of %j, each under some seed', (variants, blocks, expected) => {
    const found = Array.from({ length: 64 }, (_, seed) =>
      order(variants, blocks, seed)
        .map((block) => block.map((index) => 'abc'[index]).join(''))
        .join(' '),
    );
    expect([...new Set(found)].sort()).toEqual(expected);
  });
});
