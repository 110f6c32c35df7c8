/** @module Whether a result is unusual among the earlier ones of its key: a line beside a comparison, never its verdict. */
import type { ResultDocument } from '../document.ts';
import { metricsOf, valueIn } from '../measure/metrics.ts';
import type { Change, HistoryCheck } from '../regression/document.ts';
import { outliersOf } from '../statistics/gesd.ts';
import { changePoints } from '../trend/change-points.ts';

/** With fewer earlier results no outlier is told. */
const MINIMUM_HISTORY = 4;

/** For so many earlier results, the test allows one more outlier, so that an old one does not hide a new one. */
const RESULTS_PER_OUTLIER = 10;

/**
 * The headline metrics among `changes`, of `candidate`, beside the same of `earlier` results of its key, the oldest first. An old level of the metric
 * says nothing about a new result, so only those since the last change point are compared (Perfherder judges pull requests in this way).
 */
export function checkHistory(
  changes: readonly Change[],
  candidate: ResultDocument,
  earlier: readonly ResultDocument[],
): readonly HistoryCheck[] {
  return changes
    .filter(({ isHeadline }) => isHeadline)
    .flatMap(({ variant, metric, label, unit }): readonly HistoryCheck[] => {
      const value = metricIn(candidate, variant, metric);
      if (value === undefined) return [];
      const series = earlier.flatMap((document) => {
        const known = metricIn(document, variant, metric);
        return known === undefined ? [] : [{ at: document.createdAt, value: known }];
      });
      const stable = series.slice(changePoints(series.map((one) => one.value)).at(-1)?.at ?? 0);
      const values = stable.map((one) => one.value);
      return [
        {
          variant,
          metric,
          label,
          unit,
          value,
          results: values.length,
          since: stable[0]?.at ?? null,
          least: values.length === 0 ? null : Math.min(...values),
          greatest: values.length === 0 ? null : Math.max(...values),
          outlier: outlierAmong(values, value),
        },
      ];
    });
}

function outlierAmong(values: readonly number[], value: number): HistoryCheck['outlier'] {
  if (values.length < MINIMUM_HISTORY) return null;
  const most = 1 + Math.floor(values.length / RESULTS_PER_OUTLIER);
  if (!outliersOf([...values, value], most).includes(values.length)) return 'none';
  return value > Math.max(...values) ? 'above' : value < Math.min(...values) ? 'below' : 'none';
}

/** The metric at `path` of all repetitions of a variant together; of the only variant whatever its name. */
function metricIn({ variants }: ResultDocument, name: string, path: string): number | undefined {
  const found =
    variants.find((variant) => variant.name === name) ?? (variants.length === 1 ? variants[0] : undefined);
  const metric = metricsOf().find((one) => one.path === path);
  if (found?.summary == null || metric === undefined) return undefined;
  return found.summary.calls.ok === 0 ? undefined : valueIn(found.summary, metric);
}
