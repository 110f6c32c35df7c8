/** @module What the metric of a comparison is called for people. */
import { metricsOf } from '../result/measure/metrics.ts';
import type { Quantities } from '../result/measure/quantities.ts';

/** `p99 response time` for `responseTime.p99Us`; an unknown metric is called by its name. */
export function metricLabel(path: string, quantities?: Quantities): string {
  return metricsOf(quantities).find((one) => one.path === path)?.metric.label ?? path;
}

/** The metric that findings speak of. */
export const HEADLINE_METRIC = 'responseTime.p99Us';
