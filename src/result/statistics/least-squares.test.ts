import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares } from './least-squares.ts';

const LINE = [0, 1, 2, 3].map((x) => [1, x]);

describe('least squares', () => {
  it('finds a line, its residuals and its variances', () => {
    const fit = leastSquares(LINE, [1, 3, 2, 5])!;
    // Slope Sxy / Sxx = 5.5 / 5; the mean is at x = 1.5, y = 2.75.
    expect(fit.coefficients[1]).toBeCloseTo(1.1, 12);
    expect(fit.coefficients[0]).toBeCloseTo(1.1, 12);
    expect(fit.residuals.map((value) => Number(value.toFixed(9)))).toEqual([-0.1, 0.8, -1.3, 0.6]);
    expect(fit.degrees).toBe(2);
    expect(fit.varianceOf([0, 1])).toBeCloseTo(1 / 5, 12);
    expect(fit.varianceOf([1, 1.5])).toBeCloseTo(1 / 4, 12);
  });

  it('leaves residuals that no column explains', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 4 }), (y) => {
        const { residuals } = leastSquares(LINE, y)!;
        for (const column of [0, 1]) {
          expect(residuals.reduce((sum, value, row) => sum + value * LINE[row]![column]!, 0)).toBeCloseTo(
            0,
            6,
          );
        }
      }),
    ));

  it.each([
    [
      'as many columns as rows',
      [
        [1, 0],
        [1, 1],
      ],
      [1, 2],
    ],
    [
      'columns that depend on each other',
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [1, 2, 3],
    ],
  ])('finds nothing with %s', (_, rows, y) => {
    expect(leastSquares(rows, y)).toBeUndefined();
  });
});
