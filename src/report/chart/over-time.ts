/** @module Chart: percentiles of the response time over the measured time, a panel per variant. */
import type { TopLevelSpec } from 'vega-lite';
import type { Span } from '../../result/over-time.ts';
import type { Measured } from '../model.ts';
import { count, millis, NOTHING } from '../wording.ts';
import { type DrawChart, logTicks, type Width } from './chart.ts';
import { SERIES } from './palette.ts';
import { type Lines, linePanels, timeAxis } from './panels.ts';

const PERCENTILES = [
  { name: 'p99', key: 'p99Us', colour: SERIES[1]!, dash: [1, 0] },
  { name: 'p95', key: 'p95Us', colour: SERIES[4]!, dash: [6, 3] },
  { name: 'p50', key: 'p50Us', colour: SERIES[0]!, dash: [1, 0] },
] as const;

const spansOf = ({ variant }: Measured): readonly Span[] => variant.overTime ?? [];

interface Point {
  readonly panel: string;
  readonly percentile: string;
  readonly second: number;
  readonly ms: number;
}

function pointsOf(one: Measured, panel: string): readonly Point[] {
  return PERCENTILES.flatMap(({ name, key }) =>
    spansOf(one).flatMap((span): readonly Point[] => {
      const us = span[key];
      if (us === null) return [];
      return [{ panel, percentile: name, second: span.atMs / 1000, ms: Math.max(us, 1) / 1000 }];
    }),
  );
}

/** The lines of a panel. */
function linesOf(values: readonly Point[], seconds: readonly number[]): Lines {
  const times = values.map(({ ms }) => ms);
  const ticks = logTicks(Math.min(...times), Math.max(...times));
  const legend = { orient: 'top', title: null, symbolType: 'stroke' } as const;
  const domain = PERCENTILES.map(({ name }) => name);
  return {
    mark: { type: 'line', strokeWidth: 1.75, point: seconds.every((second) => second < 2) },
    encoding: {
      x: timeAxis(seconds),
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!], nice: false },
        axis: {
          title: 'ms (log)',
          values: [...ticks],
          labelExpr: "format(datum.value, ',~g')",
          labelOverlap: 'greedy',
        },
      },
      color: {
        field: 'percentile',
        type: 'nominal',
        scale: { domain, range: PERCENTILES.map(({ colour }) => colour) },
        legend,
      },
      strokeDash: {
        field: 'percentile',
        type: 'nominal',
        scale: { domain, range: PERCENTILES.map(({ dash }) => [...dash]) },
        legend,
      },
    },
  };
}

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  return linePanels(measured, width, { field: 'ms', pointsOf, linesOf });
}

/** `each second`; of a longer run, the length of its spans. */
function spanText(measured: readonly Measured[]): string {
  const lengths = measured.flatMap((one) => spansOf(one).map(({ lengthMs }) => lengthMs));
  const seconds = Math.ceil(Math.max(...lengths) / 1000);
  return seconds === 1 ? 'each second' : `each ${seconds} seconds`;
}

export const overTime: DrawChart = (model) => {
  const measured = model.measured.filter((one) => pointsOf(one, '').length > 0);
  if (measured.length === 0) return undefined;
  const cell = (us: number | null): string => (us === null ? NOTHING : millis(us));
  return {
    name: 'over-time',
    title: 'Response time over the measured time',
    caption: `Percentiles of the calls that ended in ${spanText(measured)}, all repetitions together. A percentile has no point where too few calls ended for it.`,
    spec: (width) => specOf(measured, width),
    table: {
      columns: ['variant', 'from, s', 'calls', ...PERCENTILES.map(({ name }) => `${name} ms`)],
      rows: measured.flatMap((one) =>
        spansOf(one).map((span) => [
          one.name,
          count(span.atMs / 1000),
          count(span.calls),
          ...PERCENTILES.map(({ key }) => cell(span[key])),
        ]),
      ),
    },
  };
};
