/** @module The few figures per variant that a terminal or a comment on a pull request has room for. */
import type { Model } from '../model.ts';
import { figureColumns } from './columns.ts';

/** A table of ready cells: the first column names the row, the others are figures. */
export interface TextTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row per measured variant. */
export function headlineTable({ quantities, measured }: Model): TextTable {
  const columns = figureColumns(quantities, ['headline', 'both'], measured);
  return {
    heads: ['variant', ...columns.map(({ inline }) => inline)],
    rows: measured.map((one) => [one.name, ...columns.map((column) => column.cell(one))]),
  };
}
