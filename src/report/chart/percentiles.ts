/** @module Curves of a distribution by percentile, one per variant, with a tail that gets as much room as the body. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { TopLevelSpec } from 'vega-lite';
import type { Measured } from '../model.ts';
import { shortenAll } from '../wording.ts';
import { lettersIn, logTicks, TOTAL, type Width } from './chart.ts';
import { DASHES, SERIES, SHAPES } from './palette.ts';

/** A percentile is drawn only where at least this many calls are slower: beyond that it is chance. */
export const CALLS_BEYOND = 10;
/** Percentiles that get a tick and a point, by 1 / (1 - p). */
const TICKS = { 2: '50', 10: '90', 100: '99', 1000: '99.9', 10000: '99.99', 100000: '99.999' } as const;
const POINTS_PER_DECADE = 24;
/** Keeps the first percentile clear of the lowest time, which stands at the same corner. */
const LABEL_PADDING = 5;

/** The unit of a vertical axis, by the field that the points have. */
const MICROS_PER = { ms: 1000, us: 1 } as const;
type Unit = keyof typeof MICROS_PER;

interface Point extends Partial<Readonly<Record<Unit, number>>> {
  readonly variant: string;
  /** 1 / (1 - p). */
  readonly tail: number;
  readonly marked: boolean;
}

/** A variant with its name in the legend and its points. */
export interface Curve {
  readonly one: Measured;
  readonly label: string;
  readonly points: readonly Point[];
}

function tailsUpTo(last: number): readonly number[] {
  const steps = Math.floor(Math.log10(last / 2) * POINTS_PER_DECADE);
  const even = Array.from(
    { length: Math.max(steps, 0) + 1 },
    (_, step) => 2 * 10 ** (step / POINTS_PER_DECADE),
  );
  const marked = Object.keys(TICKS)
    .map(Number)
    .filter((tick) => tick <= last);
  return [...new Set([...even, ...marked])].sort((a, b) => a - b);
}

/** The curve of the histogram `series` of a variant; empty where it has too few calls for one. */
export function curveOf(one: Measured, label: string, series: string, unit: Unit): readonly Curve[] {
  const encoded = one.summary.histograms[series];
  if (encoded === undefined) return [];
  const histogram = decodeFromCompressedBase64(encoded, 32, false);
  const last = histogram.totalCount / CALLS_BEYOND;
  if (last < 2) return [];
  const points = tailsUpTo(last).map((tail) => ({
    variant: label,
    tail: Number(tail.toFixed(3)),
    [unit]: Math.max(histogram.getValueAtPercentile(100 * (1 - 1 / tail)), 1) / MICROS_PER[unit],
    marked: tail in TICKS,
  }));
  return [{ one, label, points }];
}

const percentileAxis = (width: Width) =>
  ({
    title:
      width === 'wide'
        ? 'percentile of calls (the tail is stretched: each step right is ten times rarer)'
        : 'percentile of calls',
    values: Object.keys(TICKS).map(Number),
    labelExpr: `${JSON.stringify(TICKS)}[datum.value]`,
    labelOverlap: false,
    labelFlush: false,
    labelPadding: LABEL_PADDING,
  }) as const;

/** The drawing of these curves; `title` is that of the vertical axis, which is logarithmic. */
export function percentileSpec(
  curves: readonly Curve[],
  { unit, title }: { readonly unit: Unit; readonly title: string },
  width: Width,
): TopLevelSpec {
  const room = lettersIn(TOTAL[width] - 72);
  const full = curves.map(({ label }) => label);
  const short = shortenAll(full, room);
  const names = new Map(full.map((name, place) => [name, short[place]!]));
  const domain = [...names.values()];
  const values = curves.flatMap(({ points }) =>
    points.map((point) => ({ ...point, variant: names.get(point.variant)! })),
  );
  const times = values.map((point) => point[unit]!);
  const yTicks = logTicks(Math.min(...times), Math.max(...times));
  const last = Math.max(...values.map((point) => point.tail));
  const place = (index: number): number => curves[index]!.one.place;
  const legend = { orient: 'top', direction: 'vertical', title: null, columns: 1, symbolSize: 80 } as const;
  const range = <T>(of: readonly T[], step = 1): T[] =>
    domain.map((_, i) => of[Math.floor(place(i) / step) % of.length]!);
  return {
    width: TOTAL[width] - 70,
    height: width === 'wide' ? 360 : 300,
    data: { values: values as Point[] },
    encoding: {
      x: {
        field: 'tail',
        type: 'quantitative',
        scale: { type: 'log', domain: [2, Math.max(last, 10)], nice: false },
        axis: percentileAxis(width),
      },
      y: {
        field: unit,
        type: 'quantitative',
        scale: { type: 'log', domain: [yTicks[0]!, yTicks.at(-1)!], nice: false },
        axis: {
          title,
          values: [...yTicks],
          labelExpr: "format(datum.value, ',~r')",
          labelOverlap: false,
        },
      },
      color: { field: 'variant', type: 'nominal', scale: { domain, range: range(SERIES) }, legend },
    },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          strokeDash: {
            field: 'variant',
            type: 'nominal',
            scale: { domain, range: range(DASHES, SERIES.length) as number[][] },
            legend,
          },
        },
      },
      {
        transform: [{ filter: 'datum.marked' }],
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          shape: {
            field: 'variant',
            type: 'nominal',
            scale: { domain, range: range(SHAPES) as string[] },
            legend,
          },
        },
      },
    ],
  };
}
