/** @module Chart: how old the results are that callers get, against `ttlMs`. */
import { ttlText } from '../../caching/cached.ts';
import { curvesOf, type ReplayedCurve } from '../../caching/curves.ts';
import { millisCell } from '../../table/caching/section.ts';
import type { DrawChart } from '../chart.ts';
import { MUTED, SERIES } from '../palette.ts';
import { type CurveChart, type CurveValue, curvePanels } from './curve-panels.ts';

const OLDEST = 'oldest, replayed';
const MEAN = 'mean of all calls, replayed';
const MEASURED = 'oldest, measured';
const CHANGE = 'last old one after a change';

/** What is younger would take most of a logarithmic axis. */
const SHORTEST_MS = 1;

function valuesOf({ points, measured }: ReplayedCurve): readonly CurveValue[] {
  const value = (kind: string, ttlMs: number, ms: number | null): readonly CurveValue[] =>
    ttlMs > 0 && ms !== null && ms >= SHORTEST_MS ? [{ kind, x: ttlMs / 1000, y: ms / 1000 }] : [];
  return [
    ...points.flatMap(({ ttlMs, maxAgeMs }) => value(OLDEST, ttlMs, maxAgeMs)),
    ...points.flatMap(({ ttlMs, meanAgeMs }) => value(MEAN, ttlMs, meanAgeMs)),
    ...measured.flatMap(({ one, ttlMs }) => value(MEASURED, ttlMs, one.cache.ageServedMaxMs)),
    ...measured.flatMap(({ one, ttlMs }) => value(CHANGE, ttlMs, one.cache.staleMaxMs)),
  ];
}

const CHART: CurveChart = {
  kinds: [
    { name: MEASURED, colour: SERIES[1]!, as: 'circle' },
    { name: CHANGE, colour: SERIES[3]!, as: 'diamond' },
    { name: OLDEST, colour: SERIES[0]!, as: 'line' },
    { name: MEAN, colour: MUTED, as: 'dashes' },
  ],
  valuesOf,
  x: { title: 'ttlMs, s (log)', scale: 'log' },
  y: { title: 'age, s (log)', scale: 'log' },
};

export const staleness: DrawChart = (model) => {
  const curves = curvesOf(model).filter((curve) => valuesOf(curve).length > 1);
  if (curves.length === 0) return undefined;
  return {
    name: 'cache-staleness',
    title: 'Age of what callers get, against ttlMs',
    caption:
      'The time since the origin answered. In the mean of all calls, what was fetched counts with an age of 0. The age says how old a result can be, not that it is wrong: that takes a change.',
    spec: (width) => curvePanels(curves, CHART, width),
    table: {
      columns: ['curve', 'ttlMs', 'oldest ms', 'mean ms'],
      rows: curves.flatMap(({ label, points }) =>
        points.map(({ ttlMs, maxAgeMs, meanAgeMs }) => [
          label,
          ttlText(ttlMs),
          millisCell(maxAgeMs),
          millisCell(meanAgeMs),
        ]),
      ),
    },
  };
};
