/** @module Chart: what caching saves against how old results become, with the recommended `ttlMs`. */
import { savedShare, ttlText } from '../../caching/cached.ts';
import { curvesOf, type ReplayedCurve } from '../../caching/curves.ts';
import { recommendedOf } from '../../caching/recommended.ts';
import { millisCell, shareCell } from '../../table/caching/section.ts';
import type { DrawChart } from '../chart.ts';
import { SERIES } from '../palette.ts';
import { type CurveChart, type CurveValue, curvePanels } from './curve-panels.ts';

const REPLAYED = 'any ttlMs, replayed';
const MEASURED = 'measured';
const RECOMMENDED = 'recommended ttlMs';

function valuesOf({ one, points, measured }: ReplayedCurve): readonly CurveValue[] {
  const value = (kind: string, ageMs: number | null, share: number | null): readonly CurveValue[] =>
    ageMs !== null && ageMs > 0 && share !== null ? [{ kind, x: ageMs / 1000, y: share }] : [];
  const found = recommendedOf(one);
  const recommended = found.kind === 'ttl' ? points.find(({ ttlMs }) => ttlMs === found.of.ttlMs) : undefined;
  return [
    ...points.flatMap(({ maxAgeMs, avoided }) => value(REPLAYED, maxAgeMs, avoided)),
    ...measured.flatMap(({ one: each }) => value(MEASURED, each.cache.ageServedMaxMs, savedShare(each))),
    ...(recommended ? value(RECOMMENDED, recommended.maxAgeMs, recommended.avoided) : []),
  ];
}

const CHART: CurveChart = {
  kinds: [
    { name: MEASURED, colour: SERIES[1]!, as: 'circle' },
    { name: RECOMMENDED, colour: SERIES[2]!, as: 'diamond' },
    { name: REPLAYED, colour: SERIES[0]!, as: 'line' },
  ],
  valuesOf,
  x: { title: 'oldest result given, s (log)', scale: 'log' },
  y: { title: 'saved at the origin, %', scale: 'share' },
};

export const frontier: DrawChart = (model) => {
  const curves = curvesOf(model).filter((curve) => valuesOf(curve).length > 1);
  if (curves.length === 0) return undefined;
  return {
    name: 'cache-frontier',
    title: 'What caching saves, against how old results become',
    caption:
      'High is cheap for the origin, left is fresh. Where the line is flat, a longer ttlMs makes results older and saves hardly anything.',
    spec: (width) => curvePanels(curves, CHART, width),
    table: {
      columns: ['curve', 'ttlMs', 'oldest ms', 'saved %'],
      rows: curves.flatMap(({ label, points }) =>
        points.map(({ ttlMs, maxAgeMs, avoided }) => [
          label,
          ttlText(ttlMs),
          millisCell(maxAgeMs),
          shareCell(avoided),
        ]),
      ),
    },
  };
};
