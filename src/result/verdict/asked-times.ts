/** @module Which times of windows the thresholds of a profile ask a result to keep. */
import { parseThresholds } from '../../profile/section/threshold.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { okResponseTime, responseTime } from '../measure/times.ts';
import type { AskedTimes } from '../summary/window-times.ts';

/** Each length and series once. Throws a `UserError` when a threshold cannot be read. */
export function askedTimes(thresholds: readonly string[]): readonly AskedTimes[] {
  const asked = parseThresholds(thresholds, boundedMetrics()).flatMap(
    ({ everyUs, metric, statistic }): readonly AskedTimes[] =>
      everyUs === undefined || statistic === undefined
        ? []
        : [{ lengthMs: everyUs / 1000, series: seriesOf(metric) }],
  );
  const keyOf = ({ lengthMs, series }: AskedTimes): string => `${lengthMs} ${series}`;
  return [...new Map(asked.map((one) => [keyOf(one), one])).values()];
}

/** The series of windows that has the times of a metric. */
export const seriesOf = (metric: string): AskedTimes['series'] =>
  metric === okResponseTime.times!.word ? okResponseTime.name : responseTime.name;
