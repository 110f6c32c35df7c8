/** @module Chart: variants against a base, as ratios with their intervals. */
import type { TopLevelSpec } from 'vega-lite';
import { hasInterval, type IntervalPair, type Model, metricLabel, type Pair } from '../model.ts';
import { interval, NOTHING, ratio, shorten } from '../wording.ts';
import { type DrawChart, lettersIn, TOTAL, type Width } from './chart.ts';
import { BAD, INK, MUTED, SERIES } from './palette.ts';
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

const RATIOS = [1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000];
const LABEL_PIXELS = 52;

/** Ticks from the end inwards, since the end bounds the axis, with room for labels; without 1. */
function spaced(side: readonly number[], perUnit: number): readonly number[] {
  const kept: number[] = [];
  for (const tick of [...side].reverse()) {
    const beyond = kept.at(-1);
    const fits = beyond === undefined || Math.log(beyond / tick) * perUnit >= LABEL_PIXELS;
    if (fits && Math.log(tick) * perUnit >= LABEL_PIXELS) kept.push(tick);
  }
  return kept;
}

/** The ticks of a ratio that cover the intervals and leave room for their labels and that of 1: `0.5, 0.8, 1, 1.25, 2`. */
export function ratioTicks(low: number, high: number, pixels: number): readonly number[] {
  const last = (value: number): number => {
    const found = RATIOS.findIndex((tick, at) => at > 1 && tick >= value);
    return found < 0 ? RATIOS.length - 1 : found;
  };
  let [down, up] = [last(1 / low), last(high)];
  const perUnit = (): number => pixels / Math.log(RATIOS[down]! * RATIOS[up]!);
  const isTight = (end: number): boolean =>
    end < RATIOS.length - 1 && Math.log(RATIOS[end]!) * perUnit() < LABEL_PIXELS;
  while (isTight(down)) down += 1;
  while (isTight(up)) up += 1;
  const below = spaced(RATIOS.slice(1, down + 1), perUnit()).map((tick) => Number((1 / tick).toPrecision(2)));
  return [...below, 1, ...spaced(RATIOS.slice(1, up + 1), perUnit())].sort((a, b) => a - b);
}

function panel({ metric, base, pairs }: Group, domain: readonly number[], pixels: number) {
  const short = pixels < TOTAL.narrow;
  const [step, nameAt, noteAt, barAt] = short ? [64, -22, -4, 16] : [STEP, -12, -12, BAR_OFFSET];
  const room = lettersIn(pixels);
  const values = pairs.map(({ comparison: { ratio: at, ciLow, ciHigh, verdict, alike } }, row) => ({
    row,
    at,
    ciLow,
    ciHigh,
    colour: alike ? VERDICT_COLOURS[verdict] : MUTED,
  }));
  const y = rowAxis(pairs.length);
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
  const notes = pairs.map(
    ({ comparison: { ratio: at, ciLow, ciHigh, verdict, alike } }) =>
      `${ratio(at)}× ${interval(ciLow, ciHigh)} ${alike ? verdict : 'see note'}`,
  );
  const names = pairs.map((pair) => pair.candidate.name);
  const whisker = (field: 'ciLow' | 'ciHigh'): Layer => ({
    data: { values },
    mark: { type: 'tick', height: 10, thickness: 2, yOffset: barAt } as never,
    encoding: { y, x: { ...x, field }, color },
  });
  const layer: Layer[] = [
    {
      data: { values: pairs.map((_, row) => ({ row, one: 1 })) },
      mark: { type: 'tick', height: 28, thickness: 2, yOffset: barAt, color: INK } as never,
      encoding: { y, x: { ...x, field: 'one' } },
    },
    rowNames(names, short ? room : room - Math.max(...notes.map((note) => note.length)) - 2, nameAt),
    rowNotes(notes, short ? 0 : pixels, noteAt),
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 2, yOffset: barAt },
      encoding: { y, x: { ...x, field: 'ciLow' }, x2: { field: 'ciHigh' }, color },
    },
    whisker('ciLow'),
    whisker('ciHigh'),
    {
      data: { values },
      mark: { type: 'point', filled: true, size: 90, opacity: 1, yOffset: barAt },
      encoding: { y, x: { ...x, field: 'at' }, color },
    },
  ];
  const head = [`${metric} against`, `“${base}”`];
  const title = short ? head.map((line) => shorten(line, room)) : shorten(head.join(' '), room);
  return { title, width: pixels, height: pairs.length * step, layer };
}

function specOf(groups: readonly Group[], width: Width): TopLevelSpec {
  const all = groups.flatMap(({ pairs }) => pairs.map(({ comparison }) => comparison));
  const pixels = TOTAL[width] - 24;
  const domain = ratioTicks(
    Math.min(...all.map((one) => one.ciLow)),
    Math.max(...all.map((one) => one.ciHigh)),
    pixels,
  );
  return { vconcat: groups.map((group) => panel(group, domain, pixels)), spacing: 28 };
}

export const comparison: DrawChart = (model) => {
  const groups = groupsOf(model);
  if (groups.length === 0) return undefined;
  const isUnlike = groups.some(({ pairs }) => pairs.some(({ comparison }) => !comparison.alike));
  return {
    name: 'comparison',
    title: 'Relative response time',
    caption: `Ratios with their 95 % intervals over the repetitions; right of 1 is slower. An interval that contains 1 is undecided.${
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
        ...[one.ratio, one.ciLow, one.ciHigh].map((value) => (value === null ? NOTHING : ratio(value))),
        one.verdict,
      ]),
    },
  };
};
