/** @module Ordinary least squares for a few columns. */

/** A fitted linear model `y = X b + e`. */
export interface Fit {
  /** b, one per column. */
  readonly coefficients: readonly number[];
  /** y - X b, one per row. */
  readonly residuals: readonly number[];
  /** Rows less columns; at least 1. */
  readonly degrees: number;
  /** The variance of `weights . b`, as a multiple of the variance of e. */
  varianceOf(weights: readonly number[]): number;
}

/** The fit of `y` by `rows` (X); undefined when there are too few rows, or the columns depend on each other. */
export function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): Fit | undefined {
  const size = rows[0]?.length ?? 0;
  const degrees = rows.length - size;
  const root = degrees < 1 ? undefined : cholesky(squareOf(rows, size));
  if (root === undefined) return undefined;
  const right = Array.from({ length: size }, (_, i) =>
    dot(
      rows.map((row) => row[i]!),
      y,
    ),
  );
  const coefficients = backward(root, forward(root, right));
  return {
    coefficients,
    residuals: rows.map((row, i) => y[i]! - dot(row, coefficients)),
    degrees,
    // With X'X = R R', w' (X'X)^-1 w is the square of R^-1 w.
    varianceOf(weights) {
      const solved = forward(root, weights);
      return dot(solved, solved);
    },
  };
}

type Matrix = readonly (readonly number[])[];

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** X'X. */
function squareOf(rows: Matrix, size: number): Matrix {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

/** The lower triangular R with R R' = `square`; undefined when that is singular. */
function cholesky(square: Matrix): Matrix | undefined {
  const root: number[][] = square.map((row) => row.map(() => 0));
  for (const [i, row] of square.entries()) {
    for (let j = 0; j <= i; j += 1) {
      const rest = row[j]! - dot(root[i]!.slice(0, j), root[j]!.slice(0, j));
      if (i === j && rest <= 1e-10 * row[i]!) return undefined;
      root[i]![j] = i === j ? Math.sqrt(rest) : rest / root[j]![j]!;
    }
  }
  return root;
}

/** x of R x = `right`. */
function forward(root: Matrix, right: readonly number[]): readonly number[] {
  const x: number[] = [];
  for (const [i, row] of root.entries()) x.push((right[i]! - dot(row.slice(0, i), x)) / row[i]!);
  return x;
}

/** x of R' x = `right`. */
function backward(root: Matrix, right: readonly number[]): readonly number[] {
  const x = right.map(() => 0);
  for (let i = root.length - 1; i >= 0; i -= 1) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + root[j]![i]! * value : sum), 0);
    x[i] = (right[i]! - known) / root[i]![i]!;
  }
  return x;
}
