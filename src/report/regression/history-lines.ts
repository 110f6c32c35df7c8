/** @module How the headline metrics of a comparison read beside the earlier results of their key. */
import type { HistoryCheck } from '../../result/regression/document.ts';
import { plain, plural } from '../wording.ts';
import { valueText } from './change-cells.ts';

/** One line for each check. */
export const historyLines = (checks: readonly HistoryCheck[]): readonly string[] => checks.map(lineOf);

function lineOf(check: HistoryCheck): string {
  const { variant, label, value, results, since, least, greatest, outlier } = check;
  const what = `history: ${label}${variant === '' ? '' : ` of ${plain(variant)}`} ${valueText(check, value)}`;
  if (since === null) return `${what}; there is no earlier result to set it beside`;
  const range = `${plural(results, 'earlier result')} since ${since.slice(0, 10)} (${valueText(check, least)} to ${valueText(check, greatest)})`;
  switch (outlier) {
    case 'above':
    case 'below':
      return `${what} is an outlier ${outlier} the ${range}`;
    case 'none':
      return `${what} is no outlier among the ${range}`;
    case null:
      return `${what}; ${range}, too few to tell an outlier`;
  }
}
