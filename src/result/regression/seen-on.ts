/** @module On which side the reason was seen for which a change is undecided. */
import { isBound, type Whole } from '../comparison/doubts.ts';
import { type QuantityMetric, valueIn } from '../measure/metrics.ts';
import type { Change } from './document.ts';
import type { VariantPair } from './variant-pairs.ts';

/** Undefined of a reason that is of no side. Of a metric that one side has, that side. */
export function seenOn(
  because: Change['because'],
  one: QuantityMetric,
  { base, candidate }: VariantPair,
): Change['seenOn'] {
  const isSeen = testOf(because, one);
  if (isSeen === undefined) return undefined;
  const [before, after] = [isSeen(base?.repetitions ?? []), isSeen(candidate?.repetitions ?? [])];
  if (before && after) return 'both';
  return before ? 'base' : after ? 'candidate' : undefined;
}

function testOf(because: Change['because'], one: QuantityMetric): ((side: Whole) => boolean) | undefined {
  switch (because) {
    case 'one-side-only':
      return (side) => side.some((repetition) => valueIn(repetition, one) !== undefined);
    case 'generator-bound':
      return isBound;
    case 'nothing-worked':
      return (side) => side.every(({ calls }) => calls.ok === 0);
    default:
      return undefined;
  }
}
