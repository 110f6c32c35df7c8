/** @module Chart: variants against a base, as ratios with their intervals. */
import type { TopLevelSpec } from 'vega-lite';
import type { Comparison, ResultDocument } from '../../result/document.ts';
import { HEADLINE_METRIC, metricOf } from '../metric.ts';
import { interval, NOTHING, plain, ratio } from '../wording.ts';
import { type DrawChart, TOTAL, type Width } from './chart.ts';
import { BAD, INK, MUTED, SERIES } from './palette.ts';
import { BAR_OFFSET, type Layer, rowAxis, rowNames, rowNotes, STEP } from './rows.ts';

/** More rows than this are left to the table. */
const MOST_ROWS = 24;
const VERDICT_COLOURS = { better: SERIES[2]!, worse: BAD, same: MUTED, undecided: MUTED } as const;

/** A comparison that has an interval. */
interface Interval extends Comparison {
  readonly ratio: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

const hasInterval = (one: Comparison): one is Interval =>
  one.ratio !== null && one.ciLow !== null && one.ciHigh !== null && one.ciLow > 0;

function drawnOf(document: ResultDocument): readonly Interval[] {
  const all = document.comparisons.filter(hasInterval);
  const first = all.filter((one) => one.metric === HEADLINE_METRIC);
  return [...first, ...all.filter((one) => one.metric !== HEADLINE_METRIC)].slice(0, MOST_ROWS);
}

/** The ticks of a ratio: powers of two as far as the intervals go, at least from a half to two. */
function ratioTicks(low: number, high: number): readonly number[] {
  const from = Math.min(-1, Math.floor(Math.log2(low)));
  const to = Math.max(1, Math.ceil(Math.log2(high)));
  const step = Math.ceil((to - from) / 8);
  const ticks = Array.from({ length: Math.ceil((to - from) / step) + 1 }, (_, at) => 2 ** (from + at * step));
  return [...new Set([...ticks, 1])].sort((a, b) => a - b);
}

function panel(rows: readonly Interval[], domain: readonly number[], pixels: number, oneBase: boolean) {
  const { label } = metricOf(rows[0]!.metric);
  const values = rows.map(({ ratio: at, ciLow, ciHigh, verdict }, row) => ({
    row,
    at,
    ciLow,
    ciHigh,
    verdict,
  }));
  const y = rowAxis(rows.length);
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: [domain[0]!, domain.at(-1)!] as [number, number], nice: false },
    axis: {
      title: `${plain(label)}, ratio to the base (log)`,
      values: [...domain] as number[],
      labelExpr: "format(datum.value, '~g') + '×'",
      labelOverlap: false,
      gridDash: [2, 3] as [number, number],
    },
  } as const;
  const kinds = Object.keys(VERDICT_COLOURS) as (keyof typeof VERDICT_COLOURS)[];
  const color = {
    field: 'verdict',
    type: 'nominal',
    scale: { domain: kinds as string[], range: kinds.map((kind) => VERDICT_COLOURS[kind]) },
    legend: null,
  } as const;
  const notes = rows.map((one) => `${ratio(one.ratio)}× ${interval(one.ciLow, one.ciHigh)} ${one.verdict}`);
  const names = rows.map((one) => plain(oneBase ? one.candidate : `${one.candidate} against ${one.base}`));
  const layer: Layer[] = [
    {
      data: { values: [{ one: 1 }] },
      mark: { type: 'rule', color: INK, strokeWidth: 1.5 },
      encoding: { x: { ...x, field: 'one' } },
    },
    rowNames(names, pixels, Math.max(...notes.map((note) => note.length)) + 2),
    rowNotes(notes, pixels),
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 2, yOffset: BAR_OFFSET },
      encoding: { y, x: { ...x, field: 'ciLow' }, x2: { field: 'ciHigh' }, color },
    },
    ...(['ciLow', 'ciHigh'] as const).map(
      (field): Layer => ({
        data: { values },
        mark: { type: 'tick', height: 10, thickness: 2, yOffset: BAR_OFFSET } as never,
        encoding: { y, x: { ...x, field }, color },
      }),
    ),
    {
      data: { values },
      mark: { type: 'point', filled: true, size: 90, opacity: 1, yOffset: BAR_OFFSET },
      encoding: { y, x: { ...x, field: 'at' }, color },
    },
  ];
  return { width: pixels, height: rows.length * STEP, layer };
}

function specOf(drawn: readonly Interval[], width: Width): TopLevelSpec {
  const domain = ratioTicks(
    Math.min(...drawn.map((one) => one.ciLow)),
    Math.max(...drawn.map((one) => one.ciHigh)),
  );
  const metrics = [...new Set(drawn.map((one) => one.metric))];
  const oneBase = new Set(drawn.map((one) => one.base)).size === 1;
  return {
    vconcat: metrics.map((metric) =>
      panel(
        drawn.filter((one) => one.metric === metric),
        domain,
        TOTAL[width] - 40,
        oneBase,
      ),
    ),
    spacing: 24,
  };
}

export const comparison: DrawChart = (document) => {
  const drawn = drawnOf(document);
  if (drawn.length === 0) return undefined;
  const bases = [...new Set(drawn.map((one) => one.base))];
  return {
    name: 'comparison',
    title: bases.length === 1 ? `Each variant against “${plain(bases[0]!)}”` : 'Variants against each other',
    caption:
      'Ratio with its 95 % interval over the repetitions. An interval that contains 1 is undecided. Times count failed calls too: read them with the outcomes.',
    spec: (width) => specOf(drawn, width),
    table: {
      columns: ['metric', 'base', 'candidate', 'ratio', 'low', 'high', 'verdict'],
      rows: document.comparisons.map((one) => [
        metricOf(one.metric).label,
        one.base,
        one.candidate,
        ...[one.ratio, one.ciLow, one.ciHigh].map((value) => (value === null ? NOTHING : ratio(value))),
        one.verdict,
      ]),
    },
  };
};
