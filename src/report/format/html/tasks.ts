/** @module The section of the page about tasks. */
import type { Model } from '../../model.ts';
import { tasks as taskTable } from '../../table/tasks.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** Nothing where no call became a task. */
export function tasks(model: Model): Markup {
  const { title, note, table } = taskTable;
  const { heads, rows } = table(model);
  if (rows.length === 0) return EMPTY;
  return html`<h2>${title}</h2>${plainTable(title, heads, rows)}<p class="quiet">${note}</p>`;
}
