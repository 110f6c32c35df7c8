/** @module Chart: the results of a series over time, the mean of each segment, and the change points. */
import type { TopLevelSpec } from 'vega-lite';
import type { TrendChange, TrendDocument, TrendSeries } from '../../result/trend/document.ts';
import { type Chart, FONT_SIZE, lettersIn, TOTAL, type Width } from '../chart/chart.ts';
import { BAD, INK, MUTED, SERIES } from '../chart/palette.ts';
import type { Layer } from '../chart/rows.ts';
import { valueText } from '../regression/change-cells.ts';
import { capital, NOTHING, plural } from '../wording.ts';
import { commitText, momentText, seriesName, seriesPlace, sizeOfChange } from './cells.ts';

const HEIGHT = 240;
/** Of the labels and the title of the vertical axis. */
const AXIS_PIXELS = 66;
/** Of a label of the horizontal axis, with the room beside it. */
const DATE_PIXELS = 120;
const DIRECTION_COLOURS = { worse: BAD, better: SERIES[2]!, neither: MUTED } as const;

/** How values are drawn, by the unit of the metric: times in milliseconds, shares in percent. */
const AXES = {
  time: { scale: 1 / 1000, title: 'ms' },
  share: { scale: 100, title: '%' },
  fraction: { scale: 1, title: '' },
  ratio: { scale: 1, title: '' },
  rate: { scale: 1, title: 'per s' },
  count: { scale: 1, title: '' },
} as const satisfies Record<TrendSeries['unit'], { readonly scale: number; readonly title: string }>;

/** The chart of `series`; `place` tells it from others on its page. */
export function trendChart(series: TrendSeries, place: number, { search }: TrendDocument): Chart {
  const { changes, points, segments } = series;
  const found =
    series.pointsNeeded > 0
      ? `with fewer than ${search.minPoints} results, no change points are sought`
      : changes.length === 0
        ? 'no change point was found'
        : `${plural(changes.length, 'change point')} (dashed)`;
  const start = valueDomain(series)[0] === 0 ? '' : 'The axis does not begin at 0. ';
  return {
    name: `trend-${place}`,
    title: capital(seriesName(series)),
    caption: `${capital(series.label)} of each result in the order of time, the mean of each segment (line), and ${found}. ${start}${seriesPlace(series)}.`,
    spec: (width) => specOf(series, width),
    table: {
      columns: ['result', 'commit', series.label, 'mean of its segment', 'change'],
      rows: points.map((point, at) => [
        momentText(point),
        commitText(point),
        valueText(series, point.value),
        valueText(series, segments.find(({ from, to }) => from <= at && at <= to)!.mean),
        changeCell(
          series,
          changes.find((change) => change.at === at),
        ),
      ]),
    },
  };
}

const changeCell = (series: TrendSeries, change: TrendChange | undefined): string =>
  change === undefined ? NOTHING : sizeOfChange(series, change);

function specOf(series: TrendSeries, width: Width): TopLevelSpec {
  const { points } = series;
  const { scale } = AXES[series.unit];
  const pixels = TOTAL[width] - AXIS_PIXELS;
  const x = dateAxis(series, Math.max(2, Math.floor(pixels / DATE_PIXELS)));
  const y = valueAxis(series);
  const segments = series.segments.map(({ from, to, mean }) => ({
    from: from - 0.4,
    to: to + 0.4,
    mean: mean * scale,
  }));
  return {
    width: pixels,
    height: HEIGHT,
    layer: [
      ...changeLayers(series, pixels),
      {
        data: { values: segments },
        mark: { type: 'rule', strokeWidth: 2, color: INK },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' }, y: { ...y, field: 'mean' } },
      },
      {
        data: { values: points.map(({ value }, at) => ({ at, value: value * scale })) },
        mark: { type: 'point', filled: true, size: 40, opacity: 0.9, color: SERIES[0]! },
        encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'value' } },
      },
    ],
  };
}

/** The places of results side by side, with the days of some of them. */
function dateAxis({ points }: TrendSeries, most: number) {
  const step = Math.max(1, Math.ceil((points.length - 1) / most));
  const shown = points.map((_, at) => at).filter((at) => at % step === 0);
  const days = shown.map((at) => `'${points[at]!.createdAt.slice(0, 10)}'`);
  return {
    type: 'quantitative',
    scale: { domain: [-0.6, points.length - 0.4] as [number, number], nice: false },
    axis: {
      title: null,
      grid: false,
      values: shown,
      labelExpr: `[${days.join(',')}][round(datum.value / ${step})]`,
      labelOverlap: true,
    },
  } as const;
}

/** The ends of the vertical axis, with room above the highest point for the labels of changes. */
function valueDomain({ points, unit }: TrendSeries): readonly [number, number] {
  const values = points.map(({ value }) => value * AXES[unit].scale);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const room = (greatest - least || Math.abs(greatest) || 1) * 0.15;
  return [least < 0 ? least - room : Math.max(0, least - room), greatest + 2 * room];
}

function valueAxis(series: TrendSeries) {
  const { title } = AXES[series.unit];
  return {
    type: 'quantitative',
    scale: { domain: [...valueDomain(series)] as [number, number], nice: false, zero: false },
    axis: { title: title === '' ? series.label : `${series.label}, ${title}`, tickCount: 5 },
  } as const;
}

/** A dashed line before the first result after each change, with its size and commit. */
function changeLayers(series: TrendSeries, pixels: number): readonly Layer[] {
  const { points, changes } = series;
  if (changes.length === 0) return [];
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: { domain: [-0.6, points.length - 0.4] as [number, number], nice: false },
  } as const;
  let line = 0;
  const marks = changes.map((change, place) => {
    const next = changes[place + 1]?.at ?? points.length;
    const room = lettersIn(((next - change.at) / points.length) * pixels);
    const size = sizeOfChange(series, change);
    const whole = `${size} ${commitText(points[change.at]!)}`;
    const label = points[change.at]!.revision !== undefined && whole.length <= room ? whole : size;
    const mark = { at: change.at - 0.5, label, line, colour: DIRECTION_COLOURS[change.direction] };
    // The label of the next change stands below one that reaches into it.
    line = label.length > room ? 1 - line : 0;
    return mark;
  });
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  return [
    {
      data: { values: marks },
      mark: { type: 'rule', strokeDash: [4, 3], strokeWidth: 1.5 },
      encoding: { x, color },
    },
    ...[0, 1].map(
      (line): Layer => ({
        data: { values: marks.filter((mark) => mark.line === line) },
        mark: { type: 'text', align: 'left', baseline: 'top', dx: 4, dy: 3 + line * (FONT_SIZE + 3) },
        encoding: { x, y: { value: 0 }, text: { field: 'label', type: 'nominal' }, color },
      }),
    ),
  ];
}
