/** @module Chart: hit ratio against `ttlMs`: measured, replayed from the calls of one run, and of the closed form. */
import { ttlText } from '../../caching/cached.ts';
import { curvesOf, type ReplayedCurve } from '../../caching/curves.ts';
import { shareCell } from '../../table/caching/section.ts';
import { NOTHING } from '../../wording.ts';
import type { DrawChart } from '../chart.ts';
import { MUTED, SERIES } from '../palette.ts';
import { type CurveChart, type CurveValue, curvePanels } from './curve-panels.ts';

const REPLAYED = 'replayed from one run';
const FORM = 'closed form';
const MEASURED = 'measured';

function valuesOf({ points, measured }: ReplayedCurve): readonly CurveValue[] {
  const drawn = points.filter(({ ttlMs }) => ttlMs > 0);
  return [
    ...drawn.map(({ ttlMs, hitRatio }) => ({ kind: REPLAYED, x: ttlMs / 1000, y: hitRatio })),
    ...drawn.flatMap(({ ttlMs, closedForm }) =>
      closedForm === null ? [] : [{ kind: FORM, x: ttlMs / 1000, y: closedForm }],
    ),
    ...measured
      .filter(({ ttlMs }) => ttlMs > 0)
      .map(({ one, ttlMs }) => ({ kind: MEASURED, x: ttlMs / 1000, y: one.cache.hitRatio! })),
  ];
}

const CHART: CurveChart = {
  kinds: [
    { name: MEASURED, colour: SERIES[1]!, as: 'circle' },
    { name: REPLAYED, colour: SERIES[0]!, as: 'line' },
    { name: FORM, colour: MUTED, as: 'dashes' },
  ],
  valuesOf,
  x: { title: 'ttlMs, s (log)', scale: 'log' },
  y: { title: 'hits, %', scale: 'share' },
};

export const hitRatio: DrawChart = (model) => {
  const curves = curvesOf(model).filter((curve) => valuesOf(curve).length > 1);
  if (curves.length === 0) return undefined;
  return {
    name: 'cache-hit-ratio',
    title: 'Hit ratio against ttlMs',
    caption:
      'Share of the calls that a cache answers. The line is computed by replaying the calls of one run through caches with other lifetimes; the points are the variants that kept results.',
    spec: (width) => curvePanels(curves, CHART, width),
    table: {
      columns: ['variant', 'ttlMs', 'measured %', 'replayed %', 'closed form %'],
      rows: curves.flatMap(rowsOf),
    },
  };
};

/** A row for each variant that kept results. */
function rowsOf({ one, measured, points }: ReplayedCurve): readonly (readonly string[])[] {
  if (measured.length === 0) {
    return points.map(({ ttlMs, hitRatio, closedForm }) => [
      one.name,
      ttlText(ttlMs),
      NOTHING,
      shareCell(hitRatio),
      shareCell(closedForm),
    ]);
  }
  return measured.map(({ one: each, ttlMs, replayed }) => [
    each.name,
    ttlText(ttlMs),
    shareCell(each.cache.hitRatio),
    shareCell(replayed?.hitRatio),
    shareCell(replayed?.closedForm),
  ]);
}
