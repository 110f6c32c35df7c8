/** @module Tables of the page: numbers right-aligned and tabular, units in the headers, in a container of their own that scrolls. */
import { keepUnits } from '../../wording.ts';
import { areFigures } from '../columns.ts';
import { EMPTY, html, type Markup, trusted } from '../markup.ts';

/** One column over rows of type `R`. */
export interface Column<R> {
  readonly head: string;
  readonly unit?: string;
  /** `name` heads the row, `text` is left-aligned and wraps, `code` is there to be copied, `number` (the default) is right-aligned. */
  readonly kind?: 'name' | 'text' | 'code' | 'number';
  readonly cell: (row: R) => string;
  /** Marks a figure that is bad news. */
  readonly isBad?: (row: R) => boolean;
}

const unitOf = <R>(column: Column<R>): Markup =>
  column.unit === undefined || column.unit === '' ? EMPTY : html`<small>${column.unit}</small>`;

function cellOf<R>(column: Column<R>, row: R): Markup {
  const text = column.cell(row);
  if (column.kind === 'name') return html`<th scope="row">${text}</th>`;
  if (column.kind === 'code') return html`<td class="code"><code>${text}</code></td>`;
  const isBad = column.isBad?.(row) ?? false;
  if (column.kind === 'text') {
    return html`<td class="text${trusted(isBad ? ' bad' : '')}">${keepUnits(text)}</td>`;
  }
  return isBad ? html`<td class="bad">${text}</td>` : html`<td>${text}</td>`;
}

const headOf = <R>(column: Column<R>): Markup =>
  column.kind === undefined || column.kind === 'number'
    ? html`<th scope="col">${column.head}${unitOf(column)}</th>`
    : html`<th scope="col" class="text">${column.head}${unitOf(column)}</th>`;

/** A table called `label` for screen readers. It can be focused, so that the keyboard can scroll it. */
export function table<R>(label: string, columns: readonly Column<R>[], rows: readonly R[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map(headOf)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>`)}</tbody>
</table></div>`;
}

/** A table of ready cells: the first column names the row, columns of figures are right-aligned. */
export function plainTable(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): Markup {
  const columns = heads.map((head, at): Column<readonly string[]> => {
    const figures = areFigures(rows.map((row) => row[at] ?? ''));
    return { head, kind: at === 0 ? 'name' : figures ? 'number' : 'text', cell: (row) => row[at] ?? '' };
  });
  return table(label, columns, rows);
}
