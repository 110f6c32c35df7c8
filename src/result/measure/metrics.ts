/** @module The metrics of all quantities, as whoever works on summaries reads them. */
import type { BoundedMetric } from '../../profile/section/bounded-metric.ts';
import type { Summary } from '../document.ts';
import { QUANTITIES, type Quantities } from './quantities.ts';
import type { Metric, Quantity } from './quantity.ts';

/** A metric with the quantity that it belongs to. */
export interface QuantityMetric {
  readonly quantity: Quantity;
  readonly metric: Metric;
  /** As comparisons name it, a path into a summary: `responseTime.p99Us`. */
  readonly path: string;
}

/** Every metric, in the order of columns. */
export function metricsOf(quantities: Quantities = QUANTITIES): readonly QuantityMetric[] {
  return quantities.flatMap((quantity) =>
    quantity.metrics.map((metric) => ({ quantity, metric, path: `${quantity.name}.${metric.key}` })),
  );
}

/** The figures of a quantity in a summary; undefined where it did not apply, and in results that are older than it. */
export function figuresIn(
  summary: Partial<Omit<Summary, 'windows'>>,
  { name }: Quantity,
): NonNullable<unknown> | undefined {
  return (summary as Readonly<Record<string, NonNullable<unknown> | null>>)[name] ?? undefined;
}

/** The value of a metric in a summary, in the metric's unit; undefined when there were no samples of it. */
export function valueIn(
  summary: Partial<Omit<Summary, 'windows'>>,
  { quantity, metric }: Pick<QuantityMetric, 'quantity' | 'metric'>,
): number | undefined {
  const figures = figuresIn(summary, quantity);
  return figures === undefined ? undefined : (metric.read(figures) ?? undefined);
}

/** What thresholds can bound: of a distribution its statistics, of the other quantities each metric. */
export function boundedMetrics(quantities: Quantities = QUANTITIES): readonly BoundedMetric[] {
  return quantities.flatMap(({ times, parts = [], metrics }): readonly BoundedMetric[] => {
    if (times !== undefined) {
      const { word, isDefault, byCall, byInstance = false, overWindows = false } = times;
      return [{ ...TIMES, name: word, isDefault, byCall, byInstance, overWindows }];
    }
    return [
      ...parts.map(({ word, byFlow }) => ({ ...TIMES, name: word, byFlow: byFlow !== undefined })),
      ...statisticsOf(metrics),
      ...metrics.map(({ name, unit, byCall, byInstance, byIdentity, byFlow, overWindows = false }) => ({
        name,
        unit,
        isDistribution: false,
        isDefault: false,
        byCall: byCall !== undefined,
        byInstance: byInstance !== undefined,
        byIdentity: byIdentity !== undefined,
        byFlow: byFlow !== undefined,
        overWindows,
      })),
    ];
  });
}

const TIMES = { unit: 'time', isDistribution: true, isDefault: false, byCall: false } as const;

/** The words of metrics that are written as percentiles. */
function statisticsOf(metrics: readonly Metric[]): readonly BoundedMetric[] {
  const all = metrics.flatMap(({ statistic }) => statistic ?? []);
  return [...new Set(all.map(({ word }) => word))].map((name) => ({
    ...TIMES,
    name,
    percentiles: all.filter(({ word }) => word === name).map(({ percentile }) => percentile),
  }));
}
