/** @module Chart: what checking costs against what not checking costs: the time of the check, and how long a revoked token is still good. */
import type { TopLevelSpec } from 'vega-lite';
import type { Micros } from '../../../units/time.ts';
import { type Authorized, checked, checkTime } from '../../authorization/authorized.ts';
import { micros } from '../../table/authorization/section.ts';
import { windowCell } from '../../table/authorization/stale.ts';
import { list, millis, shorten } from '../../wording.ts';
import { type DrawChart, lettersIn, logTicks, TOTAL, type Width } from '../chart.ts';
import { INK, MUTED, SERIES } from '../palette.ts';
import type { Layer } from '../rows.ts';
import { placedName, spread } from './names.ts';

/** Of the vertical axis of the middle panel. */
const AXIS_PIXELS = 66;
const ROW = 30;
const MIDDLE_HEIGHT = 180;
/** Seconds up to which the scale of windows is linear; logarithmic beyond. */
const LINEAR_UP_TO = 0.1;
const WINDOW_TICKS = [0, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

/** A variant with both costs. */
interface Point {
  readonly one: Authorized;
  readonly p50Us: Micros;
  readonly p99Us: Micros | null;
  readonly staleUs: Micros;
}

/** How long calls were still allowed: to the end of the run, for a time, or not at all as far as a call could show it. */
type Band = 'open' | 'late' | 'at-once';

const HEADS: Readonly<Record<Band, string>> = {
  open: 'Allowed to the end of the run',
  late: 'Still allowed for a time',
  'at-once': 'Refused at once',
};

/** What the check takes: as the answers say, else what it adds to the median call. */
function pointsOf(some: readonly Authorized[]): readonly Point[] {
  return some.flatMap((one): readonly Point[] => {
    const { added, staleWindowUs: staleUs } = one.auth;
    const stated = checkTime(one);
    const p50Us = stated?.p50Us ?? added?.p50Us ?? null;
    if (staleUs === null || p50Us === null || p50Us <= 0) return [];
    return [{ one, p50Us, p99Us: stated ? stated.p99Us : (added?.p99Us ?? null), staleUs }];
  });
}

const isOpen = ({ auth }: Authorized): boolean => auth.events.some(({ open }) => open);

function bandOf({ one, staleUs }: Point): Band {
  if (isOpen(one)) return 'open';
  const exactUs = Math.max(0, ...one.auth.events.map(({ resolutionUs }) => resolutionUs ?? 0));
  return staleUs > exactUs ? 'late' : 'at-once';
}

/** The time of the check, which all panels share. */
interface Axis {
  readonly ticks: readonly number[];
  readonly pixels: number;
}

const pixelOf = ({ ticks, pixels }: Axis, us: number): number =>
  (pixels * Math.log(us / ticks[0]!)) / Math.log(ticks.at(-1)! / ticks[0]!);

const xOf = ({ ticks }: Axis, isLast: boolean) =>
  ({
    type: 'quantitative',
    scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!] as [number, number], nice: false },
    axis: {
      title: isLast ? 'time of the check, us (log)' : null,
      values: [...ticks] as number[],
      labels: isLast,
      ticks: isLast,
      labelExpr: "format(datum.value, ',~r')",
      labelOverlap: true,
      gridDash: [2, 3] as [number, number],
    },
  }) as const;

type Y = Readonly<Record<string, unknown>>;

/** The marks of one panel: a line from the median to p99, its end, the median, and the name. */
function marks(
  points: readonly Point[],
  axis: Axis,
  isLast: boolean,
  y: Y,
  downs: readonly number[],
): Layer[] {
  const x = xOf(axis, isLast);
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  const values = points.map(({ one, p50Us, p99Us, staleUs }, row) => ({
    row,
    seconds: staleUs / 1e6,
    us: p50Us,
    tailUs: Math.max(p50Us, p99Us ?? 0),
    colour: SERIES[one.place % SERIES.length]!,
  }));
  const shape = points.some(({ one }) => isOpen(one)) ? 'triangle-up' : 'circle';
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 2, opacity: 0.6 },
      encoding: { x: { ...x, field: 'us' }, x2: { field: 'tailUs' }, y, color },
    },
    {
      data: { values },
      mark: { type: 'tick', height: 10, thickness: 2, opacity: 0.6 } as never,
      encoding: { x: { ...x, field: 'tailUs' }, y, color },
    },
    {
      data: { values },
      mark: { type: 'point', shape, filled: true, size: 130, opacity: 1 },
      encoding: { x: { ...x, field: 'us' }, y, color },
    },
    ...points.map((point, at) => nameOf(point, axis, downs[at]!, { data: values[at]!, x, y })),
  ] as Layer[];
}

/** Where the name of a point stands. */
function placed({ one, p50Us, p99Us }: Point, axis: Axis) {
  const ends = [pixelOf(axis, p50Us), pixelOf(axis, Math.max(p50Us, p99Us ?? 0))] as const;
  return placedName(one.name, ...ends, axis.pixels);
}

/** The name of a point, `down` pixels below its place. */
function nameOf(
  point: Point,
  axis: Axis,
  down: number,
  { data, x, y }: Readonly<Record<'data' | 'x' | 'y', object>>,
) {
  const { text, at, align, dx, dy } = placed(point, axis);
  return {
    data: { values: [{ ...data, text }] },
    mark: { type: 'text', align, baseline: 'middle', dx, dy: dy + down, color: INK },
    encoding: {
      x: { ...x, field: at === 'end' ? 'tailUs' : 'us' },
      y,
      text: { field: 'text', type: 'nominal' },
    },
  };
}

/** A panel without a scale of its own: one row for each variant. */
function strip(band: Band, points: readonly Point[], axis: Axis, isLast: boolean) {
  const sorted = [...points].sort((a, b) => a.p50Us - b.p50Us);
  const domain = sorted.map((_, row) => row);
  const y = {
    field: 'row',
    type: 'ordinal',
    axis: null,
    scale: { domain, paddingInner: 0, paddingOuter: 0 },
  };
  return {
    title: headOf(band, axis),
    width: axis.pixels,
    height: sorted.length * ROW,
    layer: marks(
      sorted,
      axis,
      isLast,
      y,
      sorted.map(() => 0),
    ),
  };
}

/** The panel with a scale of seconds, which begins at 0 and is logarithmic for the rest. */
function middle(points: readonly Point[], axis: Axis, isLast: boolean) {
  const most = Math.max(...points.map(({ staleUs }) => staleUs / 1e6));
  const values = WINDOW_TICKS.filter((tick) => tick <= most);
  const scale = { type: 'symlog', constant: LINEAR_UP_TO, domain: [0, most * 1.3], nice: false };
  const y = {
    field: 'seconds',
    type: 'quantitative',
    scale,
    axis: { title: 'stale window, s', values, labelExpr: "format(datum.value, '~g')", gridDash: [2, 3] },
  };
  const heightOf = (seconds: number): number =>
    MIDDLE_HEIGHT * (1 - Math.log1p(seconds / LINEAR_UP_TO) / Math.log1p((most * 1.3) / LINEAR_UP_TO));
  return {
    title: headOf('late', axis),
    width: axis.pixels,
    height: MIDDLE_HEIGHT,
    layer: marks(
      points,
      axis,
      isLast,
      y,
      spread(points.map((point) => heightOf(point.staleUs / 1e6) + placed(point, axis).dy)),
    ),
  };
}

const headOf = (band: Band, { pixels }: Axis) => ({
  text: shorten(HEADS[band], lettersIn(pixels)),
  anchor: 'start' as const,
  frame: 'group' as const,
  offset: 6,
  color: MUTED,
});

function specOf(points: readonly Point[], width: Width): TopLevelSpec {
  const times = points.flatMap(({ p50Us, p99Us }) => [p50Us, p99Us ?? p50Us]);
  const pixels = TOTAL[width] - AXIS_PIXELS - 6;
  const axis = { ticks: logTicks(Math.max(1, Math.min(...times)), Math.max(2, ...times)), pixels };
  const bands = (['open', 'late', 'at-once'] as const).flatMap((band) => {
    const of = points.filter((point) => bandOf(point) === band);
    return of.length === 0 ? [] : [{ band, of }];
  });
  return {
    vconcat: bands.map(({ band, of }, at) => {
      const isLast = at === bands.length - 1;
      return band === 'late' ? middle(of, axis, isLast) : strip(band, of, axis, isLast);
    }),
    spacing: 40,
    bounds: 'flush',
  } as TopLevelSpec;
}

export const frontier: DrawChart = (model) => {
  const some = checked(model);
  const points = pointsOf(some);
  if (points.length === 0) return undefined;
  const without = some.filter((one) => !points.some((point) => point.one.name === one.name));
  const left =
    without.length === 0 ? '' : ` Without a point: ${list(without.map(({ name }) => `“${name}”`))}.`;
  return {
    name: 'auth-frontier',
    title: 'What checking costs, against how long a revoked token is still good',
    caption: `How the calls of agents went on after their tokens were revoked. Left is cheap, low is safe. A point is the median of the check, its line goes to p99. A triangle: calls were still allowed when the run ended.${left}`,
    spec: (width) => specOf(points, width),
    table: {
      columns: ['variant', 'check p50 us', 'check p99 us', 'stale ms', 'exact to ms', 'calls allowed in it'],
      rows: points.map(({ one, p50Us, p99Us, staleUs }) => [
        one.name,
        micros(p50Us),
        micros(p99Us),
        windowCell(staleUs, isOpen(one)),
        exactCell(one),
        micros(one.auth.staleAllowed),
      ]),
    },
  };
};

function exactCell({ auth }: Authorized): string {
  const known = auth.events.flatMap(({ resolutionUs }) => resolutionUs ?? []);
  return known.length === 0 ? '–' : millis(Math.max(...known));
}
