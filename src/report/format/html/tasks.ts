/** @module The section of the page about tasks. */
import type { Model } from '../../model.ts';
import { TASK_TABLES } from '../../table/tasks.ts';
import { html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** Nothing where no call became a task. */
export function tasks(model: Model): readonly Markup[] {
  return TASK_TABLES.flatMap(({ title, note, table }) => {
    const { heads, rows } = table(model);
    return rows.length === 0
      ? []
      : [html`<h2>${title}</h2>${plainTable(title, heads, rows, 'blocks')}<p class="quiet">${note}</p>`];
  });
}
