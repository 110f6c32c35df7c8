import { describe, expect, it } from 'vitest';
import { type Random, randomAt } from '../../units/random.ts';
import { lookLevels } from './spending.ts';
import { studentQuantile } from './student.ts';

describe('the levels of several looks', () => {
  it('are the level itself when there is one look', () => {
    expect(lookLevels([10], 0.05)[0]).toBeCloseTo(0.05, 9);
  });

  it('begin with what may be spent at the first look', () => {
    expect(lookLevels([5, 30], 0.05)[0]).toBeCloseTo(0.05 * Math.log(1 + (Math.E - 1) / 6), 9);
  });

  it('are those of normal data when there are many pairs', () => {
    // Lan and DeMets' function in the manner of Pocock, five looks, 2.5 % to one side (R package ldbounds, `ldBounds`).
    const bounds = [2.438, 2.4268, 2.4101, 2.3966, 2.3859];
    const looks = [400, 800, 1200, 1600, 2000];
    const found = lookLevels(looks, 0.025).map((level) => studentQuantile(2 * level, 1_000_000));
    for (const [at, bound] of bounds.entries()) expect(found[at]!).toBeCloseTo(bound, 2);
  });

  it.each([
    [[5, 10, 15, 20, 30], 0.05],
    [[5, 10, 15, 20, 30], 0.0125],
    [[3, 4, 5, 6], 0.05],
    [[2, 3, 20], 0.05],
  ])('of %j, at %f, are below it, and together not below it', (looks, level) => {
    const levels = lookLevels(looks, level);
    for (const one of levels) expect(one).toBeLessThan(level);
    expect(levels.reduce((sum, one) => sum + one)).toBeGreaterThan(level);
  });

  it.each([[[5, 10, 15, 20, 30]], [[3, 6, 10]], [[3, 4, 5, 6]]])(
    'of few pairs, %j, spend the level of 5 %%',
    (looks) => {
      const RUNS = 20_000;
      const quantiles = lookLevels(looks, 0.05).map((level, at) =>
        studentQuantile(2 * level, looks[at]! - 1),
      );
      const random = randomAt(1, 'service');
      const crossed = Array.from({ length: RUNS }, () => crosses(looks, quantiles, random));
      const share = crossed.filter(Boolean).length / RUNS;
      // Three standard errors.
      expect(Math.abs(share - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / RUNS));
    },
  );
});

/** Whether the mean of normal differences that are 0 is called greater at any look. */
function crosses(looks: readonly number[], quantiles: readonly number[], random: Random): boolean {
  let [count, sum, squares] = [0, 0, 0];
  return looks.some((look, at) => {
    for (; count < look; count += 1) {
      const value = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      sum += value;
      squares += value * value;
    }
    const variance = (squares - (sum * sum) / count) / (count - 1);
    return sum / Math.sqrt(count * variance) > quantiles[at]!;
  });
}
