/** @module Tables of the page that have a title and a note of their own. */
import type { Model } from '../../model.ts';
import type { TextTable } from '../../table/headline.ts';
import { html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

interface TitledTable {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
}

/** The tables that have rows; each is a section, or a `part` of one. */
export function titledTables(
  tables: readonly TitledTable[],
  model: Model,
  as: 'section' | 'part' = 'section',
): readonly Markup[] {
  return tables.flatMap(({ title, note, table }) => {
    const { heads, rows } = table(model);
    if (rows.length === 0) return [];
    const heading = as === 'part' ? html`<h3 class="part">${title}</h3>` : html`<h2>${title}</h2>`;
    return [html`${heading}${plainTable(title, heads, rows, 'blocks')}<p class="quiet">${note}</p>`];
  });
}
