/** @module The few figures per variant that a terminal or a comment on a pull request has room for. */
import type { ResultDocument } from '../../result/document.ts';
import type { Quantities } from '../../result/measure/quantities.ts';
import { measuredOf } from '../measured.ts';
import { figureColumns } from './columns.ts';

/** Heads, and a row of cells per measured variant; the first cell is its name, the others are figures. */
export function headlineTable(
  document: ResultDocument,
  quantities?: Quantities,
): {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const measured = measuredOf(document);
  const columns = figureColumns(quantities, ['headline', 'both'], measured);
  return {
    heads: ['variant', ...columns.map(({ inline }) => inline)],
    rows: measured.map((one) => [one.name, ...columns.map((column) => column.cell(one))]),
  };
}
