/** @module The metric that a flag names by its path. */
import { metricsOf, type QuantityMetric } from '../result/measure/metrics.ts';
import { UserError } from '../units/user-error.ts';
import { nearest } from '../units/words.ts';

/** The metric with the path that `flag` names. Throws a {@link UserError} when there is none. */
export function metricAt(flag: string, path: string): QuantityMetric {
  const found = metricsOf().find((one) => one.path === path);
  if (found !== undefined) return found;
  const similar = nearest(
    path,
    metricsOf().map((one) => one.path),
  );
  throw new UserError({
    where: flag,
    what: `"${path}" is no metric`,
    expected: 'a path such as responseTime.p99Us or calls.errorRate',
    ...(similar !== undefined && { todo: `did you mean ${similar}?` }),
  });
}
