/** @module The service times of the truth server, and the response times that a generator must measure. */
import type { Micros } from '../src/units/time.ts';

/** The distribution of service times. */
export type Behaviour =
  | { readonly kind: 'constant'; readonly us: Micros }
  /** Answers immediately, except that the process stops for the first `freezeUs` of every `everyUs`. */
  | { readonly kind: 'freezing'; readonly everyUs: Micros; readonly freezeUs: Micros }
  | { readonly kind: 'bimodal'; readonly fastUs: Micros; readonly slowUs: Micros; readonly slowShare: number }
  | { readonly kind: 'lognormal'; readonly medianUs: Micros; readonly sigma: number };

/** How late the server itself answered. */
export interface Lateness {
  readonly p50Us: Micros;
  readonly p99Us: Micros;
}

/** The response time at or below which `share` of evenly spaced arrivals are answered, in microseconds. */
export function quantile(behaviour: Behaviour, share: number): Micros {
  switch (behaviour.kind) {
    case 'constant':
      return behaviour.us;
    case 'freezing': {
      // Arrivals during a freeze wait for the rest of it, which is uniform; all others do not wait.
      const frozen = behaviour.freezeUs / behaviour.everyUs;
      return share <= 1 - frozen ? 0 : behaviour.freezeUs * ((share - (1 - frozen)) / frozen);
    }
    case 'bimodal':
      return share <= 1 - behaviour.slowShare ? behaviour.fastUs : behaviour.slowUs;
    case 'lognormal':
      return behaviour.medianUs * Math.exp(behaviour.sigma * normalQuantile(share));
  }
}

/** Fraction of the golden ratio: its multiples modulo 1 fill the unit interval more evenly than draws would. */
const GOLDEN = 0.6180339887498949;

/** The service times of successive calls, evenly spread over the distribution, so that few calls cover all of it. */
export function serviceTimes(behaviour: Behaviour): () => Micros {
  if (behaviour.kind === 'freezing') return () => 0;
  let index = 0;
  return () => {
    index += 1;
    return quantile(behaviour, Math.min(1 - 1e-9, Math.max(1e-9, (index * GOLDEN) % 1)));
  };
}

/**
 * The quantile of the standard normal distribution, with a relative error below 1.2e-9.
 * Source: Peter J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function".
 */
export function normalQuantile(p: number): number {
  const low = 0.02425;
  if (p > 1 - low) return -normalQuantile(1 - p);
  if (p < low) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / (polynomial(D, q) * q + 1);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(A, r) * q) / (polynomial(B, r) * r + 1);
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
];
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
