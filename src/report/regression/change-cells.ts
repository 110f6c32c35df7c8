/** @module How one metric of a comparison reads: its values, its change and its uncertainty. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { count, figure, millis, millisWithUnit, NOTHING, percent } from '../wording.ts';

type Kind = Pick<Change, 'scale' | 'unit'>;

/** Of a shorter time, milliseconds leave no digit. */
const SHORT_US = 10;

/** A value in the unit of a metric: `1.20 ms`, `0.10 %`, `400/s`. */
export function valueText({ unit }: Pick<Change, 'unit'>, value: number | null): string {
  if (value === null) return NOTHING;
  switch (unit) {
    case 'time':
      return value < SHORT_US ? `${Number(value.toPrecision(2))} us` : millisWithUnit(value);
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
export function changeText(change: Kind, value: number | null): string {
  return value === null ? NOTHING : signed(change, differenceOf(change, value)) + unitOf(change);
}

/** The interval of a change, in the unit that stands beside the change: `[+7.1, +12.6]`. */
export function intervalText(change: Change): string {
  const { ciLow, ciHigh, margin } = change;
  if (ciLow === null || ciHigh === null) return NOTHING;
  const end = (value: number): string => signed(change, differenceOf(change, value), margin);
  return `[${end(ciLow)}, ${end(ciHigh)}]`;
}

/** The size of a change without a sign, as noise and margins have: `2.1 %`. */
export function sizeText(change: Kind, size: number | null): string {
  return size === null ? NOTHING : unsigned(change, size) + unitOf(change);
}

/** The size of a change whose direction is known, with its interval: `9.8 % [7.1, 12.6]`. */
export function sizeWithInterval(change: Change): string {
  const { ciLow, ciHigh, margin } = change;
  const size = (value: number): number => Math.abs(differenceOf(change, value));
  if (change.change === null || ciLow === null || ciHigh === null) return NOTHING;
  const [low, high] = [size(ciLow), size(ciHigh)].sort((a, b) => a - b) as [number, number];
  const ends = `[${unsigned(change, low, margin)}, ${unsigned(change, high, margin)}]`;
  return `${sizeText(change, size(change.change))} ${ends}`;
}

/** The margin of a comparison: `5 %`. */
export const marginText = ({ minEffect }: Pick<ComparisonDocument, 'minEffect'>): string =>
  `${Number((minEffect * 100).toPrecision(3))} %`;

/** 0 where nothing changed. */
const differenceOf = ({ scale }: Kind, value: number): number => (scale === 'ratio' ? value - 1 : value);

function signed(kind: Kind, size: number, margin?: number): string {
  const text = unsigned(kind, Math.abs(size), margin);
  return Number(text) === 0 ? text : `${size < 0 ? '-' : '+'}${text}`;
}

function unsigned({ scale, unit }: Kind, size: number, margin?: number): string {
  if (scale === 'ratio') return percentage(size, 1, margin);
  if (unit === 'share' || unit === 'fraction') return percentage(size, 2, margin);
  return unit === 'time' ? millis(size) : unit === 'count' ? count(size) : figure(size);
}

function unitOf({ scale, unit }: Kind): string {
  if (scale === 'ratio') return ' %';
  if (unit === 'share' || unit === 'fraction') return ' points';
  return unit === 'time' ? ' ms' : unit === 'rate' ? '/s' : '';
}

/** A number beside the margin keeps as many digits as show on which side of it it lies, since a claim depends on that. */
function percentage(share: number, least: number, margin = Number.NaN): string {
  const [value, bound] = [share * 100, margin * 100];
  const digits = value >= 100 ? 0 : least;
  const more = [digits, digits + 1, digits + 2, digits + 3];
  const clear = more.find((some) => Number(value.toFixed(some)) !== Number(bound.toPrecision(12)));
  return value.toFixed(clear ?? digits);
}
