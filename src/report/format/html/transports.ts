/** @module The section of the page about connections. */
import type { Model } from '../../model.ts';
import { transports as connections } from '../../table/transports.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** Nothing where there is nothing to say of them. */
export function transports(model: Model): Markup {
  const { title, note, table } = connections;
  const { heads, rows } = table(model);
  if (rows.length === 0) return EMPTY;
  return html`<h2>${title}</h2>${plainTable(title, heads, rows, 'blocks')}<p class="quiet">${note}</p>`;
}
