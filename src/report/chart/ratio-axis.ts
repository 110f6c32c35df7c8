/** @module The axis of ratios: what it covers, and which ticks have room for a label. */
import type { IntervalPair } from '../model.ts';

/** Ratios that an axis may end at, from 1 outwards. */
const TICKS = {
  below: [0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001],
  above: [1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000],
} as const;
const LABEL_PIXELS = 52;
/** The labels at both ends lie within the axis, beside their ticks. */
const END_LABEL_PIXELS = 74;
/** Beyond so many times the farthest ratio an interval is cut off: otherwise a wide one would press all others together. */
const WIDEST = 2;

/** The ticks of one side that are labelled: its last one, and as many before it as leave room for labels; without 1. */
function spaced(side: readonly number[], perUnit: number): readonly number[] {
  const kept: number[] = [];
  for (const tick of [...side].reverse()) {
    const beyond = kept.at(-1);
    const room = kept.length === 1 ? END_LABEL_PIXELS : LABEL_PIXELS;
    const fits = beyond === undefined || Math.abs(Math.log(beyond / tick)) * perUnit >= room;
    const fromOne = beyond === undefined ? END_LABEL_PIXELS : LABEL_PIXELS;
    if (fits && Math.abs(Math.log(tick)) * perUnit >= fromOne) kept.push(tick);
  }
  return kept;
}

/** The ticks of a ratio that cover `low` to `high` and leave room for their labels and that of 1: `0.5, 0.8, 1, 1.25, 2`. */
export function ratioTicks(low: number, high: number, pixels: number): readonly number[] {
  const last = TICKS.above.length - 1;
  const covering = (ticks: readonly number[], isFar: (tick: number) => boolean): number => {
    const found = ticks.findIndex((tick, at) => at > 0 && isFar(tick));
    return found < 0 ? last : found;
  };
  let down = covering(TICKS.below, (tick) => tick <= low);
  let up = covering(TICKS.above, (tick) => tick >= high);
  const perUnit = (): number => pixels / Math.log(TICKS.above[up]! / TICKS.below[down]!);
  const isTight = (tick: number): boolean => Math.abs(Math.log(tick)) * perUnit() < END_LABEL_PIXELS;
  while (down < last && isTight(TICKS.below[down]!)) down += 1;
  while (up < last && isTight(TICKS.above[up]!)) up += 1;
  const below = spaced(TICKS.below.slice(0, down + 1), perUnit());
  const above = spaced(TICKS.above.slice(0, up + 1), perUnit());
  return [...below, 1, ...above].sort((a, b) => a - b);
}

/** What the axis has to show: every ratio, and the intervals as far as they do not reach far beyond all ratios. */
export function ratioRange(
  comparisons: readonly IntervalPair['comparison'][],
): readonly [low: number, high: number] {
  const ratios = [1, ...comparisons.map((one) => one.ratio)];
  return [
    Math.max(Math.min(...comparisons.map((one) => one.ciLow)), Math.min(...ratios) / WIDEST),
    Math.min(Math.max(...comparisons.map((one) => one.ciHigh)), Math.max(...ratios) * WIDEST),
  ];
}
