/** @module Chart: the change of each metric that matters, pair by pair, with its interval and the margin within which nothing changed. */
import type { TopLevelSpec } from 'vega-lite';
import type { Change, ChangeVerdict, ComparisonDocument } from '../../../result/regression/document.ts';
import { changeText, intervalText } from '../../regression/change-cells.ts';
import { NOTHING, plain } from '../../wording.ts';
import { boldLettersIn, type Chart, FONT_SIZE, LETTER, TOTAL, type Width } from '../chart.ts';
import { BAD, INK, LINE, MUTED, SERIES } from '../palette.ts';
import { type Layer, rowAxis, rowNames, rowNotes } from '../rows.ts';
import { axisOf, onOneAxis, pairChanges, SIGNED_LABELS } from './axis.ts';
import { cutText } from './sides.ts';

/** More rows than this are left to the table. */
const MOST_ROWS = 16;
const COLOURS: Readonly<Record<ChangeVerdict, string>> = {
  regressed: BAD,
  improved: SERIES[2]!,
  same: INK,
  undecided: MUTED,
};
/** Pixels of a row, and from its middle to the name, the metric, the note, the interval and the dots of the pairs. */
interface RowLayout {
  readonly step: number;
  readonly nameAt: number;
  /** Absent: it follows the name on its line. */
  readonly metricAt?: number;
  readonly noteAt: number;
  readonly barAt: number;
  readonly dotsAt: number;
}
const WIDE: RowLayout = { step: 62, nameAt: -20, noteAt: -20, barAt: 2, dotsAt: 18 };
const NARROW: RowLayout = { step: 82, nameAt: -30, noteAt: -11, barAt: 10, dotsAt: 26 };
/** On a phone, the name of a variant leaves no room for the metric. */
const NARROW_NAMED: RowLayout = { step: 102, nameAt: -40, metricAt: -21, noteAt: -2, barAt: 19, dotsAt: 35 };
/** Height of the ground that shows the margin of one row: on a phone text stands above it, not on it. */
const PLATE = 36;
/** Beyond so many times what the pairs and the margin take, an interval is cut off: otherwise it would press all others together. */
const WIDEST = 2;

type Row = Change & { readonly change: number };

/** The headline metrics, then what else got better or worse. */
function rowsOf({ changes }: ComparisonDocument): readonly Row[] {
  const isDrawn = (change: Change): change is Row =>
    change.change !== null &&
    change.pairs.length > 0 &&
    (change.isHeadline || change.verdict === 'regressed' || change.verdict === 'improved');
  return changes.filter(isDrawn);
}

function layoutOf(rows: readonly Row[], width: Width): RowLayout {
  if (width === 'wide') return WIDE;
  return rows.some(({ variant }) => variant !== '') ? NARROW_NAMED : NARROW;
}

/** `sticky: p50 response time`. */
const nameOf = ({ variant, label }: Change): string =>
  variant === '' ? label : `${plain(variant)}: ${label}`;

/** What the axis has to show of these rows. */
function rangeOf(rows: readonly Row[]): readonly [low: number, high: number] {
  const { at, band } = axisOf(rows[0]!);
  const seen = [
    ...band.map((end) => end * 1.3),
    ...rows.flatMap((row) => [row.change, ...pairChanges(row)].map(at)),
  ];
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  const ends = rows.flatMap(({ ciLow, ciHigh }) =>
    ciLow === null || ciHigh === null ? [] : [at(ciLow), at(ciHigh)],
  );
  const [lowest, highest] = [
    Math.max(Math.min(low, ...ends), low * WIDEST),
    Math.min(Math.max(high, ...ends), high * WIDEST),
  ];
  const room = (highest - lowest) * 0.03;
  return [lowest - room, highest + room];
}

/** The ground of the margin and the line of no change: behind the whole panel, or of a phone behind each row, below its text. */
function ground(
  rows: readonly Row[],
  x: object,
  width: Width,
  { barAt, dotsAt }: RowLayout,
): readonly Layer[] {
  const { band } = axisOf(rows[0]!);
  const [low, high] = band;
  const ends = { x: { ...x, field: 'low' }, x2: { field: 'high' } };
  if (width === 'wide')
    return [
      {
        data: { values: [{ low, high }] },
        mark: { type: 'rect', color: LINE, opacity: 0.7 },
        encoding: ends,
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: MUTED, strokeDash: [3, 3] },
        encoding: { x: { ...x, field: 'zero' } },
      },
    ] as Layer[];
  const y = rowAxis(rows.length);
  const yOffset = (barAt + dotsAt) / 2;
  return [
    {
      data: { values: rows.map((_, row) => ({ row, low, high })) },
      mark: { type: 'bar', height: PLATE, yOffset, color: LINE, opacity: 0.7 },
      encoding: { y, ...ends },
    },
    {
      data: { values: rows.map((_, row) => ({ row, zero: 0 })) },
      mark: { type: 'tick', thickness: 1, size: PLATE, yOffset, color: MUTED },
      encoding: { y, x: { ...x, field: 'zero' } },
    },
  ] as unknown as Layer[];
}

/** The intervals, changes and pairs of rows that share an axis. */
function marks(rows: readonly Row[], width: Width, layout: RowLayout): readonly Layer[] {
  const { at, title } = axisOf(rows[0]!);
  const { barAt, dotsAt } = layout;
  const [low, high] = rangeOf(rows);
  const y = rowAxis(rows.length);
  const x = {
    type: 'quantitative',
    scale: { domain: [low, high] as [number, number], nice: false, zero: false },
    axis: {
      title,
      grid: false,
      tickCount: width === 'wide' ? 9 : 5,
      labelExpr: SIGNED_LABELS,
      labelFlush: true,
    },
  } as const;
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  const bars = rows.flatMap(({ ciLow, ciHigh, verdict }, row) =>
    ciLow === null || ciHigh === null
      ? []
      : [{ row, low: Math.max(at(ciLow), low), high: Math.min(at(ciHigh), high), colour: COLOURS[verdict] }],
  );
  const dots = rows.flatMap((one, row) => pairChanges(one).map((change) => ({ row, x: at(change) })));
  const means = rows.map(({ change, verdict }, row) => ({ row, x: at(change), colour: COLOURS[verdict] }));
  return [
    ...ground(rows, x, width, layout),
    {
      data: { values: dots },
      mark: { type: 'point', filled: true, size: 34, opacity: 0.55, yOffset: dotsAt, color: MUTED } as never,
      encoding: { y, x: { ...x, field: 'x' } },
    },
    {
      data: { values: bars },
      mark: { type: 'rule', strokeWidth: 5, strokeCap: 'butt', yOffset: barAt } as never,
      encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
    },
    {
      data: { values: means },
      mark: { type: 'point', shape: 'diamond', filled: true, size: 150, opacity: 1, yOffset: barAt } as never,
      encoding: { y, x: { ...x, field: 'x' }, color },
    },
  ];
}

function panel(rows: readonly Row[], width: Width) {
  const pixels = TOTAL[width] - 34;
  const layout = layoutOf(rows, width);
  const { step, nameAt, metricAt, noteAt } = layout;
  const notes = rows.map(
    (row) => `${changeText(row, row.change)} ${intervalText(row).replace(NOTHING, '')} ${row.verdict}`,
  );
  const taken = width === 'wide' ? Math.max(...notes.map(({ length }) => length)) + 2 : 0;
  const letters = boldLettersIn(pixels - taken * LETTER * FONT_SIZE);
  const names = rows.map((row) => (metricAt === undefined ? nameOf(row) : plain(row.variant) || row.label));
  const metrics = rows.map(({ variant, label }) => (variant === '' ? '' : label));
  const layer: Layer[] = [
    ...marks(rows, width, layout),
    rowNames(names, letters, nameAt),
    ...(metricAt === undefined ? [] : [rowNotes(metrics, 0, metricAt)]),
    rowNotes(notes, width === 'wide' ? pixels : 0, noteAt),
  ];
  return { width: pixels, height: rows.length * step, layer };
}

const specOf = (groups: readonly (readonly Row[])[], width: Width): TopLevelSpec => ({
  vconcat: groups.map((rows) => panel(rows, width)),
  spacing: 28,
  // The label of the last tick may be wider in the reader's font than it is reckoned.
  padding: { left: 1, top: 1, right: 8, bottom: 1 },
});

/** Undefined when no headline metric has a value on both sides. */
export function pairedChanges(document: ComparisonDocument): Chart | undefined {
  const all = rowsOf(document);
  const rows = all.slice(0, MOST_ROWS);
  if (rows.length === 0) return undefined;
  // The change of a p99 may be many times that of the headline metric, which would be pressed together on the same axis.
  const groups = [true, false].flatMap((isHeadline) =>
    onOneAxis(rows.filter((row) => row.isHeadline === isHeadline)),
  );
  return {
    name: 'changes',
    title: 'The change of each pair of repetitions',
    caption:
      'The thick line is the interval, the diamond the change, each dot one pair of repetitions. Grey ground is the margin, within which nothing changed: a line wholly within it means same, one wholly beyond it regressed or improved, any other undecided.' +
      cutText(rows.length, all.length),
    spec: (width) => specOf(groups, width),
    table: {
      columns: ['metric', 'change', 'interval', 'pairs', 'changes of the pairs', 'verdict'],
      rows: rows.map((row) => [
        nameOf(row),
        changeText(row, row.change),
        intervalText(row),
        String(row.pairs.length),
        pairChanges(row)
          .map((change) => changeText(row, change))
          .join(', '),
        row.verdict,
      ]),
    },
  };
}
