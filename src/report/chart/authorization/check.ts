/** @module Chart: the time of the check by percentile, a curve per variant. */
import { authorized } from '../../authorization/authorized.ts';
import { microsOf } from '../../table/authorization/section.ts';
import { count } from '../../wording.ts';
import type { DrawChart } from '../chart.ts';
import { CALLS_BEYOND, curveOf, percentileSpec } from '../percentiles.ts';

/** Where a summary keeps the histogram of the check. */
const SERIES_NAME = 'auth.check';
const STATISTICS = ['p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'maxUs'] as const;

export const check: DrawChart = (model) => {
  const timed = authorized(model).filter(({ auth }) => auth.check !== null);
  const curves = timed.flatMap((one) => curveOf(one, one.name, SERIES_NAME, 'us'));
  if (curves.length === 0) return undefined;
  return {
    name: 'auth-check',
    title: 'Time of the check by percentile',
    caption: `Authentication as the servers time it, of every call that was allowed. A step parts two kinds of checks, such as those from a cache and those that ask the authorization server. A curve ends where fewer than ${CALLS_BEYOND} calls are slower.`,
    spec: (width) => percentileSpec(curves, { unit: 'us', title: 'time of the check, us (log)' }, width),
    table: {
      columns: ['variant', 'calls', 'p50 us', 'p90 us', 'p95 us', 'p99 us', 'p99.9 us', 'max us'],
      rows: timed.map(({ name, auth }) => [
        name,
        count(auth.check!.count),
        ...STATISTICS.map((key) => microsOf(auth.check, key)),
      ]),
    },
  };
};
