/** @module How one metric of a comparison reads: its values, its change and its uncertainty. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { count, figure, millisWithUnit, NOTHING, percent } from '../wording.ts';

/** A value in the unit of a metric: `1.20 ms`, `0.10 %`, `400/s`. */
export function valueText({ unit }: Pick<Change, 'unit'>, value: number | null): string {
  if (value === null) return NOTHING;
  switch (unit) {
    case 'time':
      return millisWithUnit(value);
    case 'share':
      return `${percent(value)} %`;
    case 'rate':
      return `${figure(value)}/s`;
    case 'count':
      return count(value);
    case 'fraction':
    case 'ratio':
      return figure(value);
  }
}

/** A change with its sign: `+9.8 %` of a ratio, `+0.30 points` of a share, else in the unit of the metric. */
export function changeText(change: Pick<Change, 'scale' | 'unit'>, value: number | null): string {
  if (value === null) return NOTHING;
  return signed(change, change.scale === 'ratio' ? value - 1 : value);
}

/** The interval of a change: `[+7.1 %, +12.6 %]`. */
export function intervalText(change: Change): string {
  const { ciLow, ciHigh } = change;
  if (ciLow === null || ciHigh === null) return NOTHING;
  return `[${changeText(change, ciLow)}, ${changeText(change, ciHigh)}]`;
}

/** The size of a change without a sign, as noise and margins have: `2.1 %`. */
export function sizeText(change: Pick<Change, 'scale' | 'unit'>, size: number | null): string {
  return size === null ? NOTHING : signed(change, size).slice(1);
}

/** The margin of a comparison: `5 %`. */
export const marginText = ({ minEffect }: Pick<ComparisonDocument, 'minEffect'>): string =>
  `${Number((minEffect * 100).toPrecision(3))} %`;

function signed({ scale, unit }: Pick<Change, 'scale' | 'unit'>, size: number): string {
  const sign = size < 0 ? '-' : '+';
  const magnitude = Math.abs(size);
  if (scale === 'ratio') return `${sign}${points(magnitude * 100)} %`;
  if (unit === 'share' || unit === 'fraction') return `${sign}${points(magnitude * 100)} points`;
  return `${sign}${valueText({ unit }, magnitude)}`;
}

const points = (value: number): string => value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0);
