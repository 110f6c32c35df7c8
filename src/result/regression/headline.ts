/** @module The headline metric of an A/B comparison while it runs: what its blocks say so far, and what more of them could show. */
import { metricsOf } from '../measure/metrics.ts';
import type { VariantSettings } from '../settings.ts';
import { smallestFound } from '../statistics/power.ts';
import type { Block } from './blocks.ts';
import { marginOf } from './budget.ts';
import type { CompareOptions } from './compare-results.ts';
import { concludeAll } from './conclude.ts';
import type { Change } from './document.ts';
import { examine } from './examine.ts';
import type { SideVariant } from './sides.ts';
import { variantPairs } from './variant-pairs.ts';

/** As {@link CompareOptions} say it of a whole comparison. */
export type HeadlineOptions = Pick<CompareOptions, 'minEffect' | 'headline'>;

/** What `blocks` say of the headline metric at `level`, by the rule of all comparisons. `settings`: of both sides. */
export function judgeHeadline(
  blocks: readonly Block[],
  settings: VariantSettings,
  { minEffect, headline }: HeadlineOptions,
  level: number,
): Change {
  const sideOf = (side: 'base' | 'candidate'): { readonly variants: readonly SideVariant[] } => ({
    variants: [{ name: '', settings, repetitions: blocks.map((block) => block[side]) }],
  });
  const [pair] = variantPairs(
    sideOf('base'),
    sideOf('candidate'),
    headline === undefined ? undefined : [headline],
  );
  const one = metricsOf().find(({ path }) => path === pair!.headlines[0])!;
  const examined = examine(one, pair!, marginOf(one, minEffect), false);
  return concludeAll([examined], { headlines: level, others: level })[0]!;
}

/** The smallest true change that `pairs` pairs of the noise of `change` find at `level` in 80 % of comparisons, in the unit of its margin; null without noise. */
export function detectableWith(
  { scale, noise, margin }: Pick<Change, 'scale' | 'noise' | 'margin'>,
  pairs: number,
  level: number,
): number | null {
  if (noise === null) return null;
  const own = (size: number): number => (scale === 'ratio' ? Math.log1p(size) : size);
  const estimate = { mean: 0, error: own(noise) / Math.sqrt(pairs), degrees: pairs - 1 };
  const found = smallestFound(estimate, own(margin), level);
  return scale === 'ratio' ? Math.expm1(found) : found;
}
