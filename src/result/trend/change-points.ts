/**
 * @module Change points of a series by E-divisive with Student's t-test, as Hunter and Apache Otava find them: M. Fleming et al., "Hunter: Using
 * Change Point Detection to Hunt for Performance Regressions", ICPE 2023, arXiv 2301.03034; Apache Otava, docs/MATH.md. Deterministic.
 */
import { meanOf } from '../statistics/mean.ts';
import { studentTail } from '../statistics/student.ts';
import { bestSplit } from './divergence.ts';

export interface ChangePointOptions {
  /** Points that are searched at a time; windows overlap by half. */
  readonly window: number;
  /** A change with a larger p is none. */
  readonly maxP: number;
  /** A smaller change is none, as a share of the smaller mean. */
  readonly minMagnitude: number;
}

/** The defaults of Hunter (window) and of Nyrkiö (p, magnitude). */
export const CHANGE_POINT_DEFAULTS: ChangePointOptions = { window: 30, maxP: 0.001, minMagnitude: 0.05 };

/** A change: from `at` on, values have another mean than those from the change before to this one. */
export interface ChangePoint {
  /** Index of the first value after the change. */
  readonly at: number;
  /** Means of the segments before and after it. */
  readonly before: number;
  readonly after: number;
  /** Two-sided, of a t-test with the variance of both segments; the split was sought, so it ranks changes and is no rate of false alarms. */
  readonly p: number;
}

/** The change points of `values`, in their order. */
export function changePoints(
  values: readonly number[],
  options: ChangePointOptions = CHANGE_POINT_DEFAULTS,
): readonly ChangePoint[] {
  return withoutWeak(values, weakSplits(values, options), options);
}

/** The level at which a split is a candidate: looser than that of a change, since later splits can make an earlier one stronger. */
const weakLevel = (maxP: number): number => (maxP < 0.05 ? maxP * 10 : maxP < 0.5 ? maxP * 2 : maxP);

/** The candidates of all windows. The next window begins at the last candidate, or half a window on. */
function weakSplits(values: readonly number[], { window, maxP }: ChangePointOptions): readonly number[] {
  const found = new Set<number>();
  let from = 0;
  while (from < values.length) {
    const to = Math.min(from + window, values.length);
    const splits = divide(values, from, to, weakLevel(maxP));
    for (const at of splits) found.add(at);
    from = Math.max(splits.at(-1) ?? 0, from + Math.floor(window / 2));
  }
  return [...found].sort((a, b) => a - b);
}

/** Splits a window, and then its parts, at the most divergent place of all parts, for as long as that is significant. */
function divide(values: readonly number[], from: number, to: number, level: number): readonly number[] {
  const splits: number[] = [];
  for (;;) {
    const ends = [from, ...splits, to];
    let best: (ReturnType<typeof bestSplit> & { readonly p: number }) | undefined;
    for (let part = 1; part < ends.length; part += 1) {
      const [start, end] = [ends[part - 1]!, ends[part]!];
      const split = bestSplit(values, start, end);
      if (split === undefined || split.divergence <= (best?.divergence ?? 0)) continue;
      best = { ...split, p: changeAt(values, start, split.at, end).p };
    }
    if (best === undefined || best.p > level) return splits;
    splits.push(best.at);
    splits.sort((a, b) => a - b);
  }
}

/** Drops the weakest candidate, the least certain or else the smallest, until all that are left are certain and large enough. */
function withoutWeak(
  values: readonly number[],
  candidates: readonly number[],
  { maxP, minMagnitude }: ChangePointOptions,
): readonly ChangePoint[] {
  const splits = [...candidates];
  for (;;) {
    const changes = splits.map((at, place) =>
      changeAt(values, splits[place - 1] ?? 0, at, splits[place + 1] ?? values.length),
    );
    const leastCertain = extreme(changes, ({ p }) => p);
    const smallest = extreme(changes, (change) => -magnitudeOf(change));
    if (leastCertain === undefined || smallest === undefined) return changes;
    const weakest =
      leastCertain.p >= maxP ? leastCertain : magnitudeOf(smallest) <= minMagnitude ? smallest : undefined;
    if (weakest === undefined) return changes;
    splits.splice(splits.indexOf(weakest.at), 1);
  }
}

/** The first of those with the greatest `size`. */
function extreme(
  changes: readonly ChangePoint[],
  size: (change: ChangePoint) => number,
): ChangePoint | undefined {
  return changes.reduce<ChangePoint | undefined>(
    (found, change) => (found === undefined || size(change) > size(found) ? change : found),
    undefined,
  );
}

/** How large a change is: the larger of its shares of either mean, so that twice as much is as large a change as half of it. */
function magnitudeOf({ before, after }: ChangePoint): number {
  const of = (from: number, to: number): number => (from === 0 ? 0 : Math.abs(to / from - 1));
  return Math.max(of(before, after), of(after, before));
}

function changeAt(values: readonly number[], from: number, at: number, to: number): ChangePoint {
  const [left, right] = [values.slice(from, at), values.slice(at, to)];
  const [before, after] = [meanOf(left), meanOf(right)];
  return { at, before, after, p: tTest(left, before, right, after) };
}

/**
 * The two-sided p of Student's t-test with a pooled variance. The variance of each side is that of the values themselves, divided by their number, as
 * Otava computes it: a side of a single value has none.
 */
function tTest(
  left: readonly number[],
  leftMean: number,
  right: readonly number[],
  rightMean: number,
): number {
  const degrees = left.length + right.length - 2;
  if (degrees < 1) return 1;
  const spread =
    (left.length - 1) * varianceOf(left, leftMean) + (right.length - 1) * varianceOf(right, rightMean);
  const difference = Math.abs(rightMean - leftMean);
  if (difference === 0) return 1;
  const error = Math.sqrt((spread / degrees) * (1 / left.length + 1 / right.length));
  return error === 0 ? 0 : studentTail(difference / error, degrees);
}

const varianceOf = (values: readonly number[], mean: number): number =>
  values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
