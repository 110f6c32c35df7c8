/** @module The columns of tables, made from the metrics of the quantities: no table has a list of figures of its own. */
import type { MetricUnit } from '../../profile/section/bound.ts';
import { figuresIn, metricsOf, type QuantityMetric, valueIn } from '../../result/measure/metrics.ts';
import type { Quantities } from '../../result/measure/quantities.ts';
import type { MetricColumn } from '../../result/measure/quantity.ts';
import type { Measured, Model, Pair } from '../model.ts';
import { count, figure, millis, NOTHING, percent, ratio, unitShare } from '../wording.ts';

/** A figure of a variant, as a column. */
export interface FigureColumn {
  readonly head: string;
  /** Below the head where there is room for it; empty when there is none. */
  readonly unit: string;
  /** Head and unit in one line: `p99 ms`, `achieved/s`. */
  readonly inline: string;
  cell(one: Measured): string;
  isBad(one: Measured): boolean;
}

/** How values of a unit are shown, and what the unit is called below and beside a head. */
const UNITS: Readonly<
  Record<
    MetricUnit,
    { readonly show: (value: number) => string; readonly unit: string; readonly beside: string }
  >
> = {
  time: { show: millis, unit: 'ms', beside: ' ms' },
  share: { show: percent, unit: '%', beside: ' %' },
  fraction: { show: unitShare, unit: '', beside: '' },
  ratio: { show: ratio, unit: '', beside: '' },
  rate: { show: figure, unit: 'calls/s', beside: '/s' },
  count: { show: count, unit: '', beside: '' },
};

/** The text of a value; `–` where there is none. */
export function valueCell(value: number | null | undefined, unit: MetricUnit, complement = false): string {
  if (value === null || value === undefined) return NOTHING;
  return UNITS[unit].show(complement ? 1 - value : value);
}

/** The text of a value with its unit: `0.12 %`, `400/s`; `–` where there is none. */
function valueText(value: number | null | undefined, unit: MetricUnit): string {
  const cell = valueCell(value, unit);
  return cell === NOTHING ? cell : cell + UNITS[unit].beside;
}

/** The values of both sides of a pair, where there is no ratio of them: `0 % against 75.1 %`. */
export function bothValues({ quantities }: Model, { base, candidate, comparison }: Pair): string {
  const one = metricsOf(quantities).find(({ path }) => path === comparison.metric);
  const textOf = ({ summary }: Measured): string =>
    valueText(one && valueIn(summary, one), one?.metric.unit ?? 'ratio');
  return `${textOf(candidate)} against ${textOf(base)}`;
}

/** The unit of a metric as a column shows it below its head. */
export const unitBelow = ({ metric }: QuantityMetric): string =>
  metric.column?.unit ?? UNITS[metric.unit].unit;

/** The columns of the metrics that ask for a place in one of `places`, without those of quantities that no variant in `rows` has. */
export function figureColumns(
  quantities: Quantities,
  places: readonly MetricColumn['in'][],
  rows: readonly Measured[],
): readonly FigureColumn[] {
  return metricsOf(quantities).flatMap((one): readonly FigureColumn[] => {
    const { quantity, metric } = one;
    const { column } = metric;
    if (column === undefined || !places.includes(column.in)) return [];
    const isShown = ({ summary }: Measured): boolean => {
      const figures = figuresIn(summary, quantity);
      return figures !== undefined && (column.shownFor?.(figures) ?? true);
    };
    if (!rows.some(isShown)) return [];
    return [
      {
        head: column.head,
        unit: unitBelow(one),
        inline: column.head + UNITS[metric.unit].beside,
        cell: ({ summary }) => valueCell(valueIn(summary, one), metric.unit, column.complement),
        isBad({ summary }) {
          const figures = figuresIn(summary, quantity);
          return figures !== undefined && (column.isBad?.(figures) ?? false);
        },
      },
    ];
  });
}
