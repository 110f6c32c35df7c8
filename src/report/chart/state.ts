/** @module Chart: what the state behind handles takes per call, against the share of calls whose handle was refused. */
import type { TopLevelSpec } from 'vega-lite';
import { statisticOf } from '../../result/measure/distribution.ts';
import type { Micros } from '../../units/time.ts';
import type { Measured, Model } from '../model.ts';
import { count, NOTHING, percent, shorten } from '../wording.ts';
import {
  type DrawChart,
  FONT_SIZE,
  lettersIn,
  logTicks,
  PERCENT_LABELS,
  TOTAL,
  type Width,
} from './chart.ts';
import { INK, MUTED, SERIES, SHAPES } from './palette.ts';
import type { Layer } from './rows.ts';

/** A variant whose calls used handles. */
interface Point {
  readonly one: Measured;
  readonly state: NonNullable<Measured['summary']['state']>;
  readonly p50Us: Micros;
}

/** Of the vertical axis and what stands beside it. */
const AXIS_PIXELS = 66;
/** Height of the scale of shares, without what names need above it. */
const HEIGHT = 240;
/** From the middle of a point to that of a name above it, and from one name to the next. */
const ABOVE = 18;
const LINE_HEIGHT = FONT_SIZE + 5;
/** The least that the scale of shares ends at. */
const LEAST_TOP = 0.05;
const SHARE_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2];

function pointsOf({ measured }: Model): readonly Point[] {
  return measured.flatMap((one): readonly Point[] => {
    const { state } = one.summary;
    const p50Us = state === undefined ? null : statisticOf(state.time, 'p50Us');
    return state === undefined || p50Us === null ? [] : [{ one, state, p50Us: Math.max(1, p50Us) }];
  });
}

/** A name over its point. Pixels count from the left, and up from a share of 0. */
interface Name {
  readonly point: Point;
  readonly text: string;
  readonly align: 'left' | 'right';
  readonly height: number;
}

/** Names in lines of their own, none below the one of a point with a lower share. Those over the outer points are the higher ones, so that lines to names cross few of them. */
function namesOf(
  points: readonly Point[],
  across: (point: Point) => number,
  up: (point: Point) => number,
  pixels: number,
): readonly Name[] {
  const fromMiddle = (point: Point): number => Math.abs(across(point) - pixels / 2);
  const inOrder = [...points].sort((a, b) => up(a) - up(b) || fromMiddle(a) - fromMiddle(b));
  let last = Number.NEGATIVE_INFINITY;
  return inOrder.map((point) => {
    last = Math.max(up(point) + ABOVE, last + LINE_HEIGHT);
    const isLeft = across(point) < pixels / 2;
    const bytes = `, ${count(point.state.bytesPerCall)} bytes`;
    const room = lettersIn(isLeft ? pixels - across(point) : across(point)) - bytes.length;
    return {
      point,
      text: shorten(point.one.name, room) + bytes,
      align: isLeft ? 'left' : 'right',
      height: last,
    };
  });
}

function specOf(points: readonly Point[], width: Width): TopLevelSpec {
  const pixels = TOTAL[width] - AXIS_PIXELS;
  const times = points.map(({ p50Us }) => p50Us);
  const ticks = logTicks(Math.min(...times), Math.max(...times));
  const most = Math.max(...points.map(({ state }) => state.unknownShare));
  const top = Math.min(1, Math.max(LEAST_TOP, most * 1.05));
  const across = ({ p50Us }: Point): number =>
    (pixels * Math.log(p50Us / ticks[0]!)) / Math.log(ticks.at(-1)! / ticks[0]!);
  const names = namesOf(points, across, ({ state }) => (HEIGHT * state.unknownShare) / top, pixels);
  const height = Math.max(HEIGHT, names.at(-1)!.height + LINE_HEIGHT);
  const shareAt = (up: number): number => (top * up) / HEIGHT;
  const values = names.map(({ point: { one, state, p50Us }, text, height: up }) => ({
    variant: one.name,
    us: p50Us,
    share: state.unknownShare,
    text,
    nameAt: shareAt(up),
    colour: SERIES[one.place % SERIES.length]!,
    shape: SHAPES[one.place % SHAPES.length]!,
  }));
  return {
    data: { values },
    width: pixels,
    height,
    encoding: { x: xAxis(ticks), y: yAxis(top, shareAt(height)) },
    layer: marksOf(names),
  } as TopLevelSpec;
}

const xAxis = (ticks: readonly number[]) => ({
  field: 'us',
  type: 'quantitative',
  scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!], nice: false },
  axis: {
    title: 'p50 time of state per call, us (log)',
    values: [...ticks],
    labelExpr: "format(datum.value, ',~r')",
    labelOverlap: 'greedy',
  },
});

/** Ticks end at `top`; what is above has room for names. */
function yAxis(top: number, end: number) {
  const step = SHARE_STEPS.find((one) => one >= top / 5) ?? 0.2;
  const values = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, at) => at * step);
  return {
    field: 'share',
    type: 'quantitative',
    scale: { domain: [0, end], nice: false },
    axis: { title: 'calls whose handle was refused, %', values, labelExpr: PERCENT_LABELS },
  };
}

/** A line from each point to its name, the names, and the points upon them. */
function marksOf(names: readonly Name[]): readonly Layer[] {
  const nameAt = { field: 'nameAt', type: 'quantitative' } as const;
  const colour = { field: 'colour', type: 'nominal', scale: null } as const;
  return [
    {
      mark: { type: 'rule', color: MUTED, strokeWidth: 1, opacity: 0.6 },
      encoding: { y2: { field: 'nameAt' } },
    },
    ...(['left', 'right'] as const).flatMap((align) => {
      const some = names.filter((name) => name.align === align).map(({ text }) => text);
      if (some.length === 0) return [];
      return [
        {
          transform: [{ filter: { field: 'text', oneOf: some } }],
          mark: { type: 'text', align, baseline: 'middle', dx: align === 'left' ? -4 : 4, color: INK },
          encoding: { y: nameAt, text: { field: 'text', type: 'nominal' } },
        },
      ];
    }),
    {
      mark: { type: 'point', filled: true, size: 130, opacity: 1 },
      encoding: { color: colour, shape: { field: 'shape', type: 'nominal', scale: null } },
    },
  ] as readonly Layer[];
}

/** Nothing where fewer than two variants used handles: there is nothing to compare. */
export const state: DrawChart = (model) => {
  const points = pointsOf(model);
  if (points.length < 2) return undefined;
  return {
    name: 'state',
    title: 'What the state behind handles takes, against what it loses',
    caption:
      'By the account of the servers. Left is cheap, low loses little. The bytes are those of handles in a request and its answer, per call.',
    spec: (width) => specOf(points, width),
    table: {
      columns: [
        'variant',
        'p50 us',
        'p99 us',
        'bytes per call',
        'calls with a handle',
        'refused',
        'refused %',
      ],
      rows: points.map(({ one, state: { time, bytesPerCall, calls, unknown, unknownShare } }) => [
        one.name,
        microsCell(statisticOf(time, 'p50Us')),
        microsCell(statisticOf(time, 'p99Us')),
        count(bytesPerCall),
        count(calls),
        count(unknown),
        percent(unknownShare),
      ]),
    },
  };
};

const microsCell = (us: Micros | null): string => (us === null ? NOTHING : count(us));
