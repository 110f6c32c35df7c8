/** @module Student's t distribution: the probability beyond a value, and the value with a given probability beyond it. */

/** Lanczos' coefficients for g = 7 (W. Press et al., "Numerical Recipes", section 6.1). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The logarithm of the gamma function, for `x` > 0. */
export function lnGamma(x: number): number {
  const base = x + 6.5;
  const sum = LANCZOS.reduce((total, coefficient, i) => total + coefficient / (i === 0 ? 1 : x - 1 + i), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** The probability that |T| exceeds `t` when T has Student's distribution with `degrees` degrees of freedom. */
export function studentTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The value that |T| exceeds with the probability `tail` (0 < tail < 1); the inverse of {@link studentTail}. */
export function studentQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > tail) [low, high] = [high, 2 * high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges quickly on this side; the other side is its complement.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return (front / a) * betaFraction(x, a, b);
}

const TINY = 1e-300;
const MOST_TERMS = 500;

/** Evaluated from the front by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const kept = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / kept(1 + term * d);
      c = kept(1 + term / c);
      change = c * d;
      result *= change;
    }
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return result;
}
