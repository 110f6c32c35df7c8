import { describe, expect, it } from 'vitest';
import type { Profile, Variant } from '../../profile/settings.ts';
import { fixedPlan } from './fixed.ts';
import { repetitionSeed } from './plan.ts';

const profile = (names: readonly string[], repetitions: number): Profile =>
  ({ variants: names.map((name) => ({ name }) as Variant), repetitions }) as unknown as Profile;

const order = (seed: number, names: readonly string[], repetitions: number): readonly string[] =>
  fixedPlan(profile(names, repetitions), seed)
    .ahead([])
    .map(({ variant, index }) => `${variant.name}${index}`);

describe('the order of trials', () => {
  it('runs every variant once in each block of a repetition', () => {
    const blocks = [0, 1, 2].map((block) =>
      order(5, ['a', 'b', 'c', 'd'], 3).slice(block * 4, block * 4 + 4),
    );
    for (const [index, block] of blocks.entries()) {
      expect([...block].sort()).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}${index}`));
    }
  });

  it('is the same under the same seed, and another one under others', () => {
    const names = ['a', 'b', 'c', 'd'];
    expect(order(5, names, 3)).toEqual(order(5, names, 3));
    expect(
      new Set(Array.from({ length: 20 }, (_, seed) => order(seed, names, 1).join())).size,
    ).toBeGreaterThan(5);
  });

  it('lets all variants of a repetition meet the same arrivals, and each repetition others', () => {
    const seeds = [0, 1, 2, 3].map((index) => repetitionSeed(1, index));
    expect(new Set(seeds).size).toBe(4);
  });
});
