/** @module The common shape of charts with a panel per variant: how many stand side by side, how wide they are, and their heads. */
import type { TopLevelSpec } from 'vega-lite';
import type { Millis } from '../../units/time.ts';
import type { Measured } from '../model.ts';
import { shortenAll } from '../wording.ts';
import { boldLettersIn, TOTAL, type Width } from './chart.ts';
import { MUTED } from './palette.ts';
import type { Layer } from './rows.ts';

/** Of labels and title of the vertical axis, which every panel in the first column has. */
const AXIS_PIXELS = 66;
const GAP = 24;
const RULE_LABEL = 13;

/** Where the panels of these variants go. */
export interface Panels {
  /** Of each variant, cut to the width of its panel; different from all others. */
  readonly names: readonly string[];
  readonly width: number;
  readonly height: number;
  /** The keys of a specification that lays the panels out; values name theirs in the field `panel`. */
  readonly layout: ReturnType<typeof layoutOf>;
}

/** The panels of `measured`. */
export function panelsOf(measured: readonly Pick<Measured, 'name'>[], width: Width): Panels {
  const columns = width === 'wide' && measured.length > 1 ? 2 : 1;
  const pixels = Math.floor((TOTAL[width] - AXIS_PIXELS - (columns - 1) * GAP) / columns);
  const names = shortenAll(
    measured.map((one) => one.name),
    boldLettersIn(pixels),
  );
  return {
    names,
    width: pixels,
    height: measured.length === 1 ? 240 : measured.length > 6 ? 84 : 120,
    layout: layoutOf(names, columns),
  };
}

function layoutOf(names: readonly string[], columns: number) {
  return {
    columns,
    spacing: { row: 40, column: GAP },
    bounds: 'flush',
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...names] as string[],
      header: { labelAnchor: 'start', labelAlign: 'left', labelPadding: 6 },
    },
  } as const;
}

/** A moment that is marked in a panel. */
interface Mark {
  readonly panel: string;
  readonly second: number;
  readonly label: string;
}

/** What is marked in the panel of a variant: what happened, and when, from the start of the measured time. */
interface Moment {
  readonly kind: string;
  readonly atMs: Millis;
}

/** When faults were injected: at the same moment in every repetition, give or take milliseconds. */
const faultsOf = ({ variant }: Measured): readonly Moment[] => variant.faults ?? [];

export type Lines = Extract<Layer, { mark: unknown }>;

/** The lines with a vertical rule at each of `marks`; without marks, just the lines. Values of lines have the field `field`. */
function markedLines(lines: Lines, field: string, marks: readonly Mark[]): Lines | { layer: Layer[] } {
  if (marks.length === 0) return lines;
  const x = { field: 'second', type: 'quantitative' } as const;
  const injected = [{ filter: 'isValid(datum.label)' }];
  return {
    layer: [
      { transform: [{ filter: `isValid(datum.${field})` }], ...lines },
      { transform: injected, mark: { type: 'rule', strokeDash: [2, 2], color: MUTED }, encoding: { x } },
      {
        transform: injected,
        mark: { type: 'text', align: 'left', dx: 3, baseline: 'top', fontSize: RULE_LABEL, color: MUTED },
        encoding: { x, y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}

/** What the panels of {@link linePanels} show of a variant. */
interface LinesOfPanels<Point, One extends Measured> {
  /** The field of a point that is its height. */
  readonly field: string;
  /** The points of a variant, in the panel of that name. */
  pointsOf(measured: One, panel: string): readonly Point[];
  /** The lines through all points; `seconds` are those of points and marks. */
  linesOf(points: readonly Point[], seconds: readonly number[]): Lines;
  /** What is marked beside the faults that were injected. */
  marksOf?(measured: One): readonly Moment[];
}

/** A panel of lines over time for each variant, with the faults that were injected marked. */
export function linePanels<Point extends { readonly second: number }, One extends Measured>(
  measured: readonly One[],
  width: Width,
  { field, pointsOf, linesOf, marksOf = () => [] }: LinesOfPanels<Point, One>,
): TopLevelSpec {
  const panels = panelsOf(measured, width);
  const points = measured.flatMap((one, place) => pointsOf(one, panels.names[place]!));
  const marks = measured.flatMap((one, place): readonly Mark[] =>
    [...faultsOf(one), ...marksOf(one)].map(({ kind, atMs }) => ({
      panel: panels.names[place]!,
      second: atMs / 1000,
      label: kind,
    })),
  );
  const seconds = [...points, ...marks].map(({ second }) => second);
  return {
    data: { values: [...points, ...marks] },
    ...panels.layout,
    spec: {
      width: panels.width,
      height: panels.height,
      ...markedLines(linesOf(points, seconds), field, marks),
    },
  };
}

/** The horizontal axis of time. A run of one point has no scale of its own. */
export function timeAxis(seconds: readonly number[]) {
  const isShort = seconds.every((second) => second < 2);
  return {
    field: 'second',
    type: 'quantitative',
    scale: { nice: false, ...(isShort && { domain: [0, Math.max(1, ...seconds)] }) },
    axis: {
      title: 'measured time, s',
      grid: false,
      tickCount: 5,
      tickMinStep: 1,
      labelExpr: "format(datum.value, ',~g')",
    },
  } as const;
}
