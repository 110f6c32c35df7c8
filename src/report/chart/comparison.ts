/** @module Chart: variants against a base, as ratios with their intervals. */
import type { TopLevelSpec } from 'vega-lite';
import { MINIMUM_EFFECT } from '../../result/document.ts';
import { hasInterval, type IntervalPair, type Model, metricLabel, type Pair } from '../model.ts';
import { highEnd, interval, lowEnd, NOTHING, ratio, shorten } from '../wording.ts';
import { boldLettersIn, type DrawChart, FONT_SIZE, LETTER, lettersIn, TOTAL, type Width } from './chart.ts';
import { BAD, INK, MUTED, SERIES } from './palette.ts';
import { ratioRange, ratioTicks } from './ratio-axis.ts';
import { BAR_OFFSET, type Layer, rowAxis, rowNames, rowNotes, STEP } from './rows.ts';

/** What is drawn; the table has every metric. */
const DRAWN = ['responseTime.p99Us', 'responseTime.p50Us'];
/** More rows than this are left to the table. */
const MOST_ROWS = 24;
const VERDICT_COLOURS = { better: SERIES[2]!, worse: BAD, same: MUTED, undecided: MUTED } as const;

/** Rows that share an axis: one metric, one base, all of like with like or all not. */
interface Group {
  /** For people. */
  readonly metric: string;
  readonly base: string;
  readonly pairs: readonly IntervalPair[];
}

/** Pairs of unlike variants are drawn for the first metric only: once is enough to show that they are not comparable. */
function groupsOf(model: Model): readonly Group[] {
  const isAlike = ({ comparison }: Pair): boolean => comparison.alike;
  const drawn = DRAWN.flatMap((metric, at) =>
    model.pairs.filter((pair) => pair.comparison.metric === metric && (isAlike(pair) || at === 0)),
  );
  const ordered = [...drawn.filter(isAlike), ...drawn.filter((pair) => !isAlike(pair))];
  const groups = new Map<string, Group>();
  for (const pair of ordered.filter(hasInterval).slice(0, MOST_ROWS)) {
    const { metric, alike } = pair.comparison;
    const key = `${metric} ${pair.base.place} ${alike}`;
    const pairs = [...(groups.get(key)?.pairs ?? []), pair];
    groups.set(key, { metric: metricLabel(model, metric), base: pair.base.name, pairs });
  }
  return [...groups.values()];
}

/** What is drawn of each pair, cut off at the ends of the axis. */
function valuesOf(pairs: readonly IntervalPair[], [first, last]: readonly [number, number]) {
  return pairs.map(({ comparison: { ratio: at, ciLow, ciHigh, verdict, alike } }, row) => ({
    row,
    at,
    ciLow: Math.max(ciLow, first),
    ciHigh: Math.min(ciHigh, last),
    isCutLow: ciLow < first,
    isCutHigh: ciHigh > last,
    colour: alike ? VERDICT_COLOURS[verdict] : MUTED,
  }));
}
type Value = ReturnType<typeof valuesOf>[number];

/** The intervals and ratios of a panel, `barAt` pixels below the middle of their rows. */
function intervals(values: readonly Value[], domain: readonly number[], barAt: number): readonly Layer[] {
  const y = rowAxis(values.length);
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: [domain[0]!, domain.at(-1)!] as [number, number], nice: false },
    axis: {
      title: 'ratio (log)',
      values: [...domain] as number[],
      labelExpr: "format(datum.value, '~g') + '×'",
      labelOverlap: false,
      gridDash: [2, 3] as [number, number],
    },
  } as const;
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  const drawn = (of: readonly Value[], mark: object, field: 'at' | 'ciLow' | 'ciHigh'): readonly Layer[] =>
    of.length === 0
      ? []
      : [
          {
            data: { values: [...of] },
            mark: { ...mark, yOffset: barAt } as never,
            encoding: { y, x: { ...x, field }, color },
          },
        ];
  const arrow = (shape: string) => ({ type: 'point', shape, filled: true, size: 110, opacity: 1 });
  const whisker = { type: 'tick', height: 10, thickness: 2 };
  return [
    {
      data: { values: values.map(({ row }) => ({ row, one: 1 })) },
      mark: {
        type: 'tick',
        height: barAt > BAR_OFFSET ? 20 : 28,
        thickness: 2,
        yOffset: barAt,
        color: INK,
      } as never,
      encoding: { y, x: { ...x, field: 'one' } },
    },
    {
      data: { values: [...values] },
      mark: { type: 'rule', strokeWidth: 2, yOffset: barAt },
      encoding: { y, x: { ...x, field: 'ciLow' }, x2: { field: 'ciHigh' }, color },
    },
    ...drawn(
      values.filter(({ isCutLow }) => !isCutLow),
      whisker,
      'ciLow',
    ),
    ...drawn(
      values.filter(({ isCutLow }) => isCutLow),
      arrow('triangle-left'),
      'ciLow',
    ),
    ...drawn(
      values.filter(({ isCutHigh }) => !isCutHigh),
      whisker,
      'ciHigh',
    ),
    ...drawn(
      values.filter(({ isCutHigh }) => isCutHigh),
      arrow('triangle-right'),
      'ciHigh',
    ),
    ...drawn(values, { type: 'point', filled: true, size: 90, opacity: 1 }, 'at'),
  ];
}

function panel({ metric, base, pairs }: Group, domain: readonly number[], pixels: number) {
  const short = pixels < TOTAL.narrow;
  const [step, nameAt, noteAt, barAt] = short ? [64, -22, -4, 16] : [STEP, -12, -12, BAR_OFFSET];
  const notes = pairs.map(
    ({ comparison: { ratio: at, ciLow, ciHigh, verdict, alike } }) =>
      `${ratio(at)}× ${interval(ciLow, ciHigh)} ${alike ? verdict : 'see note'}`,
  );
  const taken = short ? 0 : (Math.max(...notes.map((note) => note.length)) + 2) * LETTER * FONT_SIZE;
  const names = pairs.map((pair) => pair.candidate.name);
  const layer: Layer[] = [
    ...intervals(valuesOf(pairs, [domain[0]!, domain.at(-1)!]), domain, barAt),
    rowNames(names, boldLettersIn(pixels - taken), nameAt),
    rowNotes(notes, short ? 0 : pixels, noteAt),
  ];
  const room = lettersIn(pixels);
  const head = [`${metric} against`, `“${base}”`];
  const title = short ? head.map((line) => shorten(line, room)) : shorten(head.join(' '), room);
  return { title, width: pixels, height: pairs.length * step, layer };
}

function specOf(groups: readonly Group[], width: Width): TopLevelSpec {
  const all = groups.flatMap(({ pairs }) => pairs.map(({ comparison }) => comparison));
  const pixels = TOTAL[width] - 24;
  const domain = ratioTicks(...ratioRange(all), pixels);
  return { vconcat: groups.map((group) => panel(group, domain, pixels)), spacing: 28 };
}

export const comparison: DrawChart = (model) => {
  const groups = groupsOf(model);
  if (groups.length === 0) return undefined;
  const drawn = groups.flatMap(({ pairs }) => pairs.map(({ comparison }) => comparison));
  const [low, high] = ratioRange(drawn);
  const isCut = drawn.some(({ ciLow, ciHigh }) => ciLow < low || ciHigh > high);
  const isUnlike = groups.some(({ pairs }) => pairs.some(({ comparison }) => !comparison.alike));
  return {
    name: 'comparison',
    title: 'Relative response time',
    caption: `Ratios with their intervals over the repetitions; right of 1 is slower. Better or worse is a variant whose whole interval lies more than ${100 * MINIMUM_EFFECT} % from 1. The intervals hold at 95 % for all comparisons of the report together.${
      isCut ? ' An arrow: the interval goes on beyond the axis.' : ''
    }${
      isUnlike
        ? ' Grey with “see note”: a side failed calls or was limited by the generator, so this does not compare like with like.'
        : ''
    }`,
    spec: (width) => specOf(groups, width),
    table: {
      columns: ['metric', 'base', 'candidate', 'ratio', 'low', 'high', 'verdict'],
      rows: model.document.comparisons.map((one) => [
        metricLabel(model, one.metric),
        one.base,
        one.candidate,
        one.ratio === null ? NOTHING : ratio(one.ratio),
        one.ciLow === null ? NOTHING : lowEnd(one.ciLow),
        one.ciHigh === null ? NOTHING : highEnd(one.ciHigh),
        one.alike ? one.verdict : 'not comparable',
      ]),
    },
  };
};
