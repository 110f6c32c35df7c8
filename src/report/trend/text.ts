/** @module A trend on a terminal: a sparkline of each series, and a line for each change point. */
import type { TrendDocument, TrendSeries } from '../../result/trend/document.ts';
import { columns } from '../format/columns.ts';
import { valueText } from '../regression/change-cells.ts';
import { plain, plural } from '../wording.ts';
import {
  commitText,
  leftOutText,
  momentText,
  neededText,
  pText,
  seriesName,
  seriesPlace,
  sizeOfChange,
  stepText,
} from './cells.ts';
import { sparkline } from './sparkline.ts';

/** The latest points of which a sparkline is drawn. */
const MOST_BLOCKS = 72;

/** Several lines with a closing line break. */
export function trendText(document: TrendDocument): string {
  const { series, leftOut, results, copies, search, label } = document;
  const copied = copies === 0 ? '' : ` (${plural(copies, 'copy', 'copies')} of them not counted)`;
  const lines = [
    `${plural(results, 'result')} in ${plain(label)}${copied}`,
    ...series.flatMap((one) => ['', ...seriesLines(one)]),
    ...(leftOut.length === 0 ? [] : ['', 'left out:']),
    ...leftOut.map((one) => {
      const variant = one.variant === '' ? '' : `, “${plain(one.variant)}”`;
      return `  ${plain(one.file)}${variant}: ${leftOutText(one)}`;
    }),
    '',
    `A change point is told at p < ${search.maxP} and from ${search.minMagnitude * 100} % on. A trend judges nothing; paceline compare does.`,
  ];
  return `${lines.join('\n')}\n`;
}

function seriesLines(series: TrendSeries): readonly string[] {
  const { points, changes, label } = series;
  const values = points.slice(-MOST_BLOCKS).map(({ value }) => value);
  const rows = changes.map((change) => [
    `  ${momentText(points[change.at]!)}`,
    commitText(points[change.at]!),
    stepText(series, change),
    sizeOfChange(series, change),
    pText(change.p),
    change.direction === 'neither' ? 'changed' : change.direction,
    plain(points[change.at]!.file),
  ]);
  return [
    `${plain(seriesName(series))}: ${label}`,
    `  ${plain(seriesPlace(series))}`,
    `  ${values.length === 1 ? valueText(series, values[0]!) : overTime(series, values)}`,
    ...(series.pointsNeeded > 0 ? [`  ${neededText(series)}`] : []),
    ...(series.pointsNeeded === 0 && changes.length === 0 ? ['  no change point'] : []),
    ...columns(rows, [0, 1, 2, 4, 5, 6]),
  ];
}

/** A sparkline of at least two values, and what they are. */
function overTime(series: TrendSeries, values: readonly number[]): string {
  const range = `${valueText(series, Math.min(...values))} to ${valueText(series, Math.max(...values))}`;
  return `${sparkline(values)}  ${range}, ${plural(series.points.length, 'result')}`;
}
