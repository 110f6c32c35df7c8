/** @module Chart: response time by percentile, with a tail that gets as much room as the body. */
import { WHO_IS_TIMED } from '../../result/measure/times.ts';
import type { Measured } from '../model.ts';
import { list, percentWithUnit, timeCell } from '../wording.ts';
import type { DrawChart } from './chart.ts';
import { CALLS_BEYOND, curveOf, percentileSpec } from './percentiles.ts';

/** A curve over failures reads differently: the legend says so. */
function legendName(one: Measured): string {
  const { errorRate } = one.summary.calls;
  return errorRate < 0.01 ? one.name : `${one.name} (${percentWithUnit(errorRate)} failed)`;
}

/** Names the variants that have no curve because they have no times. */
function timeless(measured: readonly Measured[]): string {
  const names = measured.flatMap(({ name, summary }) =>
    summary.responseTime.count === 0 ? [`“${name}”`] : [],
  );
  return names.length === 0 ? '' : ` Without a curve: ${list(names)}, since no call had a time.`;
}

export const responseTime: DrawChart = ({ measured }) => {
  const curves = measured.flatMap((one) => curveOf(one, legendName(one), 'responseTime', 'ms'));
  if (curves.length === 0) return undefined;
  return {
    name: 'response-time',
    title: 'Response time by percentile',
    caption: `From the moment a call was due to its last byte, all repetitions merged: ${WHO_IS_TIMED}. A curve ends where fewer than ${CALLS_BEYOND} calls are slower.${timeless(measured)}`,
    spec: (width) => percentileSpec(curves, { unit: 'ms', title: 'response time, ms (log)' }, width),
    table: {
      columns: ['variant', 'calls', 'p50 ms', 'p90 ms', 'p95 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'failed'],
      rows: measured.map(({ name, summary }) => [
        name,
        String(summary.responseTime.count),
        ...(['p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'maxUs'] as const).map((key) =>
          timeCell(summary.responseTime, key),
        ),
        percentWithUnit(summary.calls.errorRate),
      ]),
    },
  };
};
