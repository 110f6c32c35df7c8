import { describe, expect, it } from 'vitest';
import { lnGamma, studentQuantile, studentTail } from './student.ts';

describe("Student's t distribution", () => {
  // Abramowitz and Stegun, table 26.10; the last two from the closed forms for 1 and 2 degrees of freedom.
  it.each([
    { tail: 0.05, degrees: 1, value: 12.706 },
    { tail: 0.05, degrees: 3, value: 3.182 },
    { tail: 0.05, degrees: 10, value: 2.228 },
    { tail: 0.01, degrees: 4, value: 4.604 },
    { tail: 0.001, degrees: 8, value: 5.041 },
    { tail: 0.05, degrees: 1_000_000, value: 1.95996 },
    { tail: 0.0125, degrees: 1, value: 1 / Math.tan((0.0125 * Math.PI) / 2) },
    { tail: 0.0125, degrees: 2, value: (1 - 0.0125) * Math.sqrt(2 / (1 - (1 - 0.0125) ** 2)) },
  ])('is exceeded with $tail at $value, $degrees degrees of freedom', ({ tail, degrees, value }) => {
    expect(studentQuantile(tail, degrees)).toBeCloseTo(value, 3);
    expect(studentTail(studentQuantile(tail, degrees), degrees)).toBeCloseTo(tail, 9);
  });

  it('has all of its probability beyond 0', () => {
    expect(studentTail(0, 5)).toBe(1);
  });
});

describe('the gamma function', () => {
  it.each([
    [1, 1],
    [5, 24],
    [0.5, Math.sqrt(Math.PI)],
    [11, 3_628_800],
  ])('of %f is %f', (x, value) => {
    expect(Math.exp(lnGamma(x)) / value).toBeCloseTo(1, 9);
  });
});
