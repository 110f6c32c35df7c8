/** @module Two variants, of one result or of two, against each other. */
import type { Comparison, VariantResult } from '../document.ts';
import { comparePair } from './compare.ts';

/**
 * `candidate` against `base`, metric by metric: ratios candidate/base over whole repetitions, paired by index, with bootstrap
 * intervals. A metric is `undecided` with fewer than three complete pairs. Deterministic in `seed`.
 *
 * @example
 * ```ts
 * const [base, candidate] = [await readResult('before.json'), await readResult('after.json')];
 * for (const { metric, ratio, verdict } of compare(base.variants[0]!, candidate.variants[0]!)) {
 *   console.log(metric, ratio, verdict);
 * }
 * ```
 */
export function compare(base: VariantResult, candidate: VariantResult, seed = 1): readonly Comparison[] {
  return comparePair(base, candidate, seed);
}
