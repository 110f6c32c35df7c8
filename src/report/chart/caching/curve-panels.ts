/** @module The common shape of charts of the replayed curves: a panel per curve, lines for what is computed, points for what was measured. */
import type { TopLevelSpec } from 'vega-lite';
import type { ReplayedCurve } from '../../caching/curves.ts';
import { logTicks, type Width } from '../chart.ts';
import { panelsOf } from '../panels.ts';
import type { Layer } from '../rows.ts';

/** One kind of figures in a panel: what its legend says, and how it is drawn. */
interface Kind {
  readonly name: string;
  readonly colour: string;
  readonly as: 'line' | 'dashes' | 'circle' | 'diamond';
}

/** A figure of a kind. Both axes may be logarithmic, so values that are drawn there are above 0. */
export interface CurveValue {
  readonly kind: string;
  readonly x: number;
  readonly y: number;
}

/** What a chart of curves shows. */
export interface CurveChart {
  readonly kinds: readonly Kind[];
  readonly valuesOf: (curve: ReplayedCurve) => readonly CurveValue[];
  readonly x: CurveAxis;
  readonly y: CurveAxis;
}

interface CurveAxis {
  readonly title: string;
  readonly scale: 'log' | 'share';
}

const DASHES = [6, 3];
const SOLID = [1, 0];
/** Values of a share go from 0 to this, so that 1 is not at the edge. */
const SHARE_TOP = 1.03;

/** The drawing of these curves. */
export function curvePanels(
  curves: readonly ReplayedCurve[],
  { kinds, valuesOf, x, y }: CurveChart,
  width: Width,
): TopLevelSpec {
  const panels = panelsOf(
    curves.map(({ one, label }) => ({ ...one, name: label })),
    width,
  );
  const values = curves.flatMap((curve, at) =>
    valuesOf(curve).map((value) => ({ ...value, panel: panels.names[at]! })),
  );
  const drawn = kinds.filter(({ name }) => values.some(({ kind }) => kind === name));
  const channels = {
    x: channelOf('x', x, values),
    y: channelOf('y', y, values),
    color: { field: 'kind', type: 'nominal', ...scaleOf(drawn, width, ({ colour }) => colour) },
  } as const;
  const layer = [...linesOf(drawn, width), ...pointsOf(drawn, width)];
  return {
    data: { values: values as object[] },
    ...panels.layout,
    spec: { width: panels.width, height: panels.height, encoding: channels, layer },
  } as TopLevelSpec;
}

/** More entries of a legend than this do not fit beside each other. */
const MOST_BESIDE = 3;

/** What a legend says of each kind. On a phone there is no room beside each other. */
const scaleOf = <Value>(kinds: readonly Kind[], width: Width, of: (kind: Kind) => Value) => ({
  scale: { domain: kinds.map(({ name }) => name), range: kinds.map(of) },
  legend: {
    orient: 'top',
    direction: width === 'wide' ? 'horizontal' : 'vertical',
    ...(width === 'wide' && kinds.length > MOST_BESIDE && { columns: 2 }),
    title: null,
    symbolSize: 90,
  } as const,
});

const isLine = ({ as }: Kind): boolean => as === 'line' || as === 'dashes';

/** Only the values of these kinds. */
const only = (kinds: readonly Kind[]) => [
  { filter: { field: 'kind', oneOf: kinds.map(({ name }) => name) } },
];

function linesOf(kinds: readonly Kind[], width: Width): readonly Layer[] {
  const lines = kinds.filter(isLine);
  if (lines.length === 0) return [];
  const dash = scaleOf(kinds, width, ({ as }) => (as === 'dashes' ? DASHES : SOLID));
  return [
    {
      transform: only(lines),
      mark: { type: 'line', strokeWidth: 2 },
      encoding: { strokeDash: { field: 'kind', type: 'nominal', ...dash } },
    } as Layer,
  ];
}

/** Diamonds lie below circles and are larger, so that both are seen at one place. */
function pointsOf(kinds: readonly Kind[], width: Width): readonly Layer[] {
  const shape = scaleOf(kinds, width, (kind) => (isLine(kind) ? 'stroke' : kind.as));
  return (['diamond', 'circle'] as const).flatMap((as): readonly Layer[] => {
    const some = kinds.filter((kind) => kind.as === as);
    if (some.length === 0) return [];
    return [
      {
        transform: only(some),
        mark: { type: 'point', filled: true, opacity: 1, size: SIZES[as] },
        encoding: { shape: { field: 'kind', type: 'nominal', ...shape } },
      } as Layer,
    ];
  });
}
const SIZES = { circle: 80, diamond: 320 } as const;

function channelOf(field: 'x' | 'y', { title, scale }: CurveAxis, values: readonly CurveValue[]) {
  const common = { field, type: 'quantitative' } as const;
  if (scale === 'share') {
    const axis = { title, tickCount: 5, labelExpr: "format(datum.value * 100, '~g')" };
    return { ...common, scale: { domain: [0, SHARE_TOP], nice: false }, axis };
  }
  const ticks = logTicks(...rangeOf(values.map((value) => value[field])));
  return {
    ...common,
    scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!], nice: false },
    axis: { title, values: [...ticks], labelExpr: "format(datum.value, ',~r')", labelOverlap: 'greedy' },
  };
}

const rangeOf = (values: readonly number[]): readonly [number, number] => [
  Math.min(...values),
  Math.max(...values),
];
