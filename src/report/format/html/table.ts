/** @module Tables of the page: numbers right-aligned and tabular, units in the headers, in a container of their own that scrolls or, on a phone, is a block per row. */
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

/**
 * How a table is shown on a phone: it scrolls sideways, or every row is a block with the head of a column before each cell, so that all figures
 * are seen.
 */
type OnPhone = 'scroll' | 'blocks';

const unitOf = <R>(column: Column<R>): Markup =>
  column.unit === undefined || column.unit === '' ? EMPTY : html`<small>${column.unit}</small>`;

/** The head of a cell in a block. */
const ownHead = <R>({ head, unit = '' }: Column<R>, onPhone: OnPhone): Markup =>
  onPhone === 'blocks' ? html` data-head="${`${head} ${unit}`.trim()}"` : EMPTY;

function cellOf<R>(column: Column<R>, row: R, onPhone: OnPhone): Markup {
  const text = column.cell(row);
  const head = ownHead(column, onPhone);
  if (column.kind === 'name') return html`<th scope="row">${text}</th>`;
  if (column.kind === 'code') return html`<td class="code"><code>${text}</code></td>`;
  const isBad = column.isBad?.(row) ?? false;
  if (column.kind === 'text') {
    return html`<td class="text${trusted(isBad ? ' bad' : '')}"${head}>${keepUnits(text)}</td>`;
  }
  return isBad ? html`<td class="bad"${head}>${text}</td>` : html`<td${head}>${text}</td>`;
}

const headOf = <R>(column: Column<R>): Markup =>
  column.kind === undefined || column.kind === 'number'
    ? html`<th scope="col">${column.head}${unitOf(column)}</th>`
    : html`<th scope="col" class="text">${column.head}${unitOf(column)}</th>`;

/** A table called `label` for screen readers. It can be focused, so that the keyboard can scroll it. */
export function table<R>(
  label: string,
  columns: readonly Column<R>[],
  rows: readonly R[],
  onPhone: OnPhone = 'scroll',
): Markup {
  const kind = trusted(onPhone === 'blocks' ? 'scroll blocks' : 'scroll');
  return html`<div class="${kind}" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map(headOf)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => cellOf(column, row, onPhone))}</tr>`)}</tbody>
</table></div>`;
}

/** A table of ready cells: the first column names the row, columns of figures are right-aligned. */
export function plainTable(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  onPhone: OnPhone = 'scroll',
): Markup {
  const columns = heads.map((head, at): Column<readonly string[]> => {
    const figures = areFigures(rows.map((row) => row[at] ?? ''));
    return { head, kind: at === 0 ? 'name' : figures ? 'number' : 'text', cell: (row) => row[at] ?? '' };
  });
  return table(label, columns, rows, onPhone);
}
