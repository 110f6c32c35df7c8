/** @module The section of the page about what servers say of keeping their results. */
import type { Model } from '../../model.ts';
import { inspectionTable } from '../../table/inspection.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** Nothing where no server was inspected. */
export function inspection(model: Model): Markup {
  const { heads, rows } = inspectionTable(model);
  if (rows.length === 0) return EMPTY;
  return html`<h2>Cache hints</h2>${plainTable('Cache hints', heads, rows)}
<p class="quiet">As the server answered before the load of the first repetition, over several connections. <code>paceline inspect URL</code> asks more, of any server.</p>`;
}
