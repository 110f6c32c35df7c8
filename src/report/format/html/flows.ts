/** @module The section of the page about flows. */
import type { Model } from '../../model.ts';
import { FLOW_TABLES } from '../../table/flows.ts';
import { html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** Nothing where no mix has flows. */
export function flows(model: Model): readonly Markup[] {
  return FLOW_TABLES.flatMap(({ title, note, table }) => {
    const { heads, rows } = table(model);
    return rows.length === 0
      ? []
      : [html`<h2>${title}</h2>${plainTable(title, heads, rows, 'blocks')}<p class="quiet">${note}</p>`];
  });
}
