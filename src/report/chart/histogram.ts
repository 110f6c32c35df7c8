/** @module Chart: how the response times of each variant spread, as a histogram on a logarithmic scale. */
import type { TopLevelSpec } from 'vega-lite';
import { WHO_IS_TIMED } from '../../result/measure/times.ts';
import type { Measured } from '../model.ts';
import { count, millis, percent } from '../wording.ts';
import { type DrawChart, logTicks, PERCENT_LABELS, type Width } from './chart.ts';
import { GROUND, OK } from './palette.ts';
import { panelsOf } from './panels.ts';

/** A bin with few calls is drawn this high at least, as a share of the highest: a tail of single calls is seen. */
const LEAST_SHOWN = 0.015;

const barsOf = ({ variant }: Measured, panel: string) =>
  variant.bins
    .filter(({ calls }) => calls > 0)
    .map(({ fromUs, toUs, share }) => ({
      panel,
      fromMs: Math.max(fromUs, 1) / 1000,
      toMs: toUs / 1000,
      share,
    }));

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  const panels = panelsOf(measured, width);
  const bars = measured.flatMap((one, place) => barsOf(one, panels.names[place]!));
  const most = Math.max(...bars.map(({ share }) => share));
  const values = bars.map((bar) => ({ ...bar, shown: Math.max(bar.share, LEAST_SHOWN * most) }));
  const low = Math.min(...values.map(({ fromMs }) => fromMs));
  const high = Math.max(...values.map(({ toMs }) => toMs));
  return {
    data: { values },
    ...panels.layout,
    spec: {
      width: panels.width,
      height: panels.height,
      mark: { type: 'bar', color: OK, stroke: GROUND, strokeWidth: 0.5 },
      encoding: {
        x: {
          field: 'fromMs',
          type: 'quantitative',
          scale: { type: 'log', domain: [low, high], nice: false },
          axis: {
            title: 'response time, ms (log)',
            values: [...logTicks(low, high)].filter((tick) => tick >= low && tick <= high),
            labelExpr: "format(datum.value, ',~g')",
            labelOverlap: 'greedy',
            labelSeparation: 6,
            grid: false,
          },
        },
        x2: { field: 'toMs' },
        y2: { datum: 0 },
        y: {
          field: 'shown',
          type: 'quantitative',
          axis: { title: 'calls, %', labelExpr: PERCENT_LABELS, tickCount: 4 },
        },
      },
    },
  };
}

export const histogram: DrawChart = (model) => {
  const measured = model.measured.filter(({ variant }) => variant.bins.length > 0);
  if (measured.length === 0) return undefined;
  return {
    name: 'histogram',
    title: 'How response times spread',
    caption: `Share of the calls in each bin, all repetitions together; ${WHO_IS_TIMED}. A bin with any call has a bar. Each bin is about a quarter wider than the one before.`,
    spec: (width) => specOf(measured, width),
    table: {
      columns: ['variant', 'from, ms', 'to below, ms', 'calls', 'share %'],
      rows: measured.flatMap(({ name, variant }) =>
        variant.bins.map(({ fromUs, toUs, calls, share }) => [
          name,
          millis(fromUs),
          millis(toUs),
          count(calls),
          percent(share),
        ]),
      ),
    },
  };
};
