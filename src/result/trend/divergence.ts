/** @module Where a series divides best into two parts that differ: the energy statistic Q of E-divisive, over all splits in quadratic time. */

/** A split: the first index of its second part, and how much the parts differ, in the unit of the values. */
export interface Split {
  readonly at: number;
  readonly divergence: number;
}

/**
 * The split of `values` from `from` to before `to` that maximizes Q between the part before it and some part that begins at it (which may
 * end before `to`); undefined of fewer than two values, and when no parts differ.
 *
 * Q weighs the mean distance between the parts against those within them, Q = A - B - C: D. Matteson and N. James, "A Nonparametric Approach for
 * Multiple Change Point Analysis of Multivariate Data", arXiv 1306.4933, with the recurrences of Apache Otava (docs/MATH.md): the sums of
 * distances grow by one row or column of distances at a time.
 */
export function bestSplit(values: readonly number[], from: number, to: number): Split | undefined {
  const within = sumsFromStart(values, from, to);
  /** By the start of the second part: its distances to the values after it, and all distances in the part. */
  const toLater = new Float64Array(to - from);
  let best: Split | undefined;
  for (let end = from + 2; end <= to; end += 1) {
    const added = values[end - 1]!;
    let second = 0;
    for (let at = end - 1; at > from; at -= 1) {
      toLater[at - from]! += Math.abs(values[at]! - added);
      second += toLater[at - from]!;
      const divergence = divergenceOf(at - from, end - at, within[at - from]!, second, within[end - from]!);
      if (isBetter(divergence, at, best)) best = { at, divergence };
    }
  }
  return best;
}

/** Q of parts of `m` and `n` values, from the sums of the distances within each of them and within both together. */
function divergenceOf(m: number, n: number, first: number, second: number, both: number): number {
  const between = (2 / (m + n)) * (both - first - second);
  const withinFirst = m === 1 ? 0 : ((2 * n) / ((m + n) * (m - 1))) * first;
  const withinSecond = n === 1 ? 0 : ((2 * m) / ((m + n) * (n - 1))) * second;
  return between - withinFirst - withinSecond;
}

/** Of equal splits the earliest counts, so that the answer does not depend on the order in which they are tried. */
function isBetter(divergence: number, at: number, best: Split | undefined): boolean {
  if (best === undefined) return divergence > 0;
  return divergence > best.divergence || (divergence === best.divergence && at < best.at);
}

/** The sum of all distances within the first k values, at index k. */
function sumsFromStart(values: readonly number[], from: number, to: number): Float64Array {
  const sums = new Float64Array(to - from + 1);
  for (let at = from; at < to; at += 1) {
    let toEarlier = 0;
    for (let earlier = from; earlier < at; earlier += 1)
      toEarlier += Math.abs(values[earlier]! - values[at]!);
    sums[at - from + 1] = sums[at - from]! + toEarlier;
  }
  return sums;
}
