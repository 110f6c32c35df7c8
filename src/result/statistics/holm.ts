/** @module Holm's correction: the level at which each of several claims is tested, so that all together are wrong in 5 % at most. */

/** The share of reports of variants that do not differ in which a difference is claimed. */
export const FAMILY_LEVEL = 0.05;

/**
 * The level of each test, given their `tails` (the probabilities of what was seen if there is no difference), in the same order: a
 * claim holds when its tail is below its level. The smallest tail is tested at level/n, the next at level/(n - 1), and so on up to the
 * first claim that does not hold; the rest have the level of that one (S. Holm, "A simple sequentially rejective multiple test
 * procedure", Scandinavian Journal of Statistics 6, 1979).
 */
export function holmLevels(tails: readonly number[], level = FAMILY_LEVEL): readonly number[] {
  const ranked = tails.map((tail, index) => ({ tail, index })).sort((a, b) => a.tail - b.tail);
  const firstOpen = ranked.findIndex(({ tail }, rank) => tail >= level / (tails.length - rank));
  const last = firstOpen < 0 ? tails.length - 1 : firstOpen;
  const levels = tails.map(() => level);
  for (const [rank, { index }] of ranked.entries())
    levels[index] = level / (tails.length - Math.min(rank, last));
  return levels;
}
