/** @module The normal distribution: the probability beyond a value. */

/** Chebyshev coefficients of `erfc` (W. Press et al., "Numerical Recipes", section 6.2): a relative error below 1.2e-7 everywhere. */
const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
] as const;

/** The probability that a standard normal variable exceeds `z`. */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const polynomial = CHEBYSHEV.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = (t * Math.exp(-x * x + polynomial)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** The density of a normal variable with mean 0 and `variance` at `x`. */
export function normalDensity(x: number, variance: number): number {
  return Math.exp((-x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}
