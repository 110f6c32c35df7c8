/** @module Chart: response time by percentile, with a tail that gets as much room as the body. */

import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { TopLevelSpec } from 'vega-lite';
import { WHO_IS_TIMED } from '../../result/measure/times.ts';
import type { Measured } from '../model.ts';
import { list, percentWithUnit, shortenAll, timeCell } from '../wording.ts';
import { type DrawChart, lettersIn, logTicks, TOTAL, type Width } from './chart.ts';
import { DASHES, SERIES, SHAPES } from './palette.ts';

/** A percentile is drawn only where at least this many calls are slower: beyond that it is chance. */
const CALLS_BEYOND = 10;
/** Percentiles that get a tick and a point, by 1 / (1 - p). */
const TICKS = { 2: '50', 10: '90', 100: '99', 1000: '99.9', 10000: '99.99', 100000: '99.999' } as const;
const POINTS_PER_DECADE = 24;

interface Point {
  readonly variant: string;
  /** 1 / (1 - p). */
  readonly tail: number;
  readonly ms: number;
  readonly marked: boolean;
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

function pointsOf(one: Measured, label: string): readonly Point[] {
  const encoded = one.summary.histograms['responseTime'];
  if (encoded === undefined) return [];
  const histogram = decodeFromCompressedBase64(encoded, 32, false);
  const last = histogram.totalCount / CALLS_BEYOND;
  if (last < 2) return [];
  return tailsUpTo(last).map((tail) => ({
    variant: label,
    tail: Number(tail.toFixed(3)),
    ms: Math.max(histogram.getValueAtPercentile(100 * (1 - 1 / tail)), 1) / 1000,
    marked: tail in TICKS,
  }));
}

/** A curve over failures reads differently: the legend says so. */
function legendName(one: Measured): string {
  const { errorRate } = one.summary.calls;
  return errorRate < 0.01 ? one.name : `${one.name} (${percentWithUnit(errorRate)} failed)`;
}

function specOf(curves: readonly (readonly [Measured, readonly Point[]])[], width: Width): TopLevelSpec {
  const room = lettersIn(TOTAL[width] - 72);
  const full = curves.map(([one]) => legendName(one));
  const short = shortenAll(full, room);
  const names = new Map(full.map((name, place) => [name, short[place]!]));
  const domain = [...names.values()];
  const values = curves.flatMap(([, points]) =>
    points.map((point) => ({ ...point, variant: names.get(point.variant)! })),
  );
  const times = values.map((point) => point.ms);
  const yTicks = logTicks(Math.min(...times), Math.max(...times));
  const last = Math.max(...values.map((point) => point.tail));
  const place = (index: number): number => curves[index]![0].place;
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
        axis: {
          title:
            width === 'wide'
              ? 'percentile of calls (the tail is stretched: each step right is ten times rarer)'
              : 'percentile of calls',
          values: Object.keys(TICKS).map(Number),
          labelExpr: `${JSON.stringify(TICKS)}[datum.value]`,
          labelOverlap: false,
          labelFlush: false,
        },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { type: 'log', domain: [yTicks[0]!, yTicks.at(-1)!], nice: false },
        axis: {
          title: 'response time, ms (log)',
          values: [...yTicks],
          labelExpr: "format(datum.value, ',~g')",
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

/** Names the variants that have no curve because they have no times. */
function timeless(measured: readonly Measured[]): string {
  const names = measured.flatMap(({ name, summary }) =>
    summary.responseTime.count === 0 ? [`“${name}”`] : [],
  );
  return names.length === 0 ? '' : ` Without a curve: ${list(names)}, since no call had a time.`;
}

export const responseTime: DrawChart = ({ measured }) => {
  const curves = measured
    .map((one) => [one, pointsOf(one, legendName(one))] as const)
    .filter(([, points]) => points.length > 0);
  if (curves.length === 0) return undefined;
  return {
    name: 'response-time',
    title: 'Response time by percentile',
    caption: `From the moment a call was due to its last byte, all repetitions merged: ${WHO_IS_TIMED}. A curve ends where fewer than ${CALLS_BEYOND} calls are slower.${timeless(measured)}`,
    spec: (width) => specOf(curves, width),
    table: {
      columns: ['variant', 'calls', 'p50 ms', 'p90 ms', 'p95 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'failed'],
      rows: measured.map(({ name, summary }) => [
        name,
        String(summary.responseTime.count),
        ...(['p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'maxUs'] as const).map((key) =>
          timeCell(summary.responseTime, key),
        ),
        percentWithUnit(summary.calls.errorRate),
      ]),
    },
  };
};
