import { describe, expect, it } from 'vitest';
import { binomialTail } from './binomial.ts';

describe('the tail of the binomial distribution', () => {
  it.each([
    [10, 10, 0.5, 1 / 1024],
    [9, 10, 0.5, 11 / 1024],
    [1, 3, 0.2, 1 - 0.8 ** 3],
    [0, 5, 0.3, 1],
    [3, 3, 1, 1],
    [1, 4, 0, 0],
  ])('of %i or more of %i at %d is %d', (successes, trials, share, tail) => {
    expect(binomialTail(successes, trials, share)).toBeCloseTo(tail, 12);
  });
});
