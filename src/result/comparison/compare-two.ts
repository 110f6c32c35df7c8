/** @module Two variants, of one result or of two, against each other. */
import type { Comparison, VariantResult } from '../document.ts';
import { comparePairs } from './compare.ts';

/**
 * `candidate` against `base`, metric by metric: ratios candidate/base over whole repetitions, with intervals. The claims of all
 * metrics hold together at 95 %. A metric is `undecided` with fewer than three complete repetitions on each side.
 *
 * @example
 * ```ts
 * const [base, candidate] = [await readResult('before.json'), await readResult('after.json')];
 * for (const { metric, ratio, verdict } of compare(base.variants[0]!, candidate.variants[0]!)) {
 *   console.log(metric, ratio, verdict);
 * }
 * ```
 */
export function compare(base: VariantResult, candidate: VariantResult): readonly Comparison[] {
  return comparePairs([[base, candidate]]);
}
