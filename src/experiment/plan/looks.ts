/** @module When a sequential comparison looks at its data, and the levels at which it then tests. */
import type { Levels } from '../../result/regression/conclude.ts';
import { FAMILY_LEVEL } from '../../result/statistics/holm.ts';
import { lookLevels, lookShares } from '../../result/statistics/spending.ts';

/** Numbers of pairs. */
const LOOKS: readonly number[] = [5, 10, 15, 20, 30];

/** The looks of a comparison of at most `most` pairs; the last one is at `most`. */
export const looksUpTo = (most: number): readonly number[] => [...LOOKS.filter((look) => look < most), most];

/** By the looks: a table takes some tenths of a second. */
const computed = new Map<string, readonly Levels[]>();

/**
 * The levels of a look at `pairs`: one of those that are `planned`, or the last one, where a comparison ends before the next look. All looks together
 * claim something wrong in 5 % of comparisons at most, wherever the last one is. A headline metric is tested by one test, the others, of which there
 * are several, by Holm's method at what is spent at the look.
 */
export function levelsAt(planned: readonly number[], pairs: number): Levels {
  const most = planned.at(-1)!;
  // Fewer than two say nothing, whatever the level.
  const counted = Math.min(most, Math.max(2, pairs));
  const made = planned.filter((look) => look < counted);
  // A look that was not planned spends only what is due by then. The rest is lost, as if it were left for later ones.
  const looks = planned.includes(counted) ? planned : [...made, counted, most];
  const levels = computed.get(looks.join()) ?? levelsOf(looks);
  computed.set(looks.join(), levels);
  return levels[made.length]!;
}

function levelsOf(looks: readonly number[]): readonly Levels[] {
  const shares = lookShares(looks, FAMILY_LEVEL);
  return lookLevels(looks, FAMILY_LEVEL).map((headlines, at) => ({ headlines, others: shares[at]! }));
}
