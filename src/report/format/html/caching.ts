/** @module The section of the page about caching: its charts and tables. */
import { cachingChartsOf } from '../../chart/charts.ts';
import type { Model } from '../../model.ts';
import { CACHING_TABLES } from '../../table/caching/tables.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { figure } from './figure.ts';
import { titledTables } from './titled-tables.ts';

/** Nothing where no call was made whose result can be kept. */
export async function caching(model: Model): Promise<Markup> {
  const tables = titledTables(CACHING_TABLES, model, 'part');
  const figures = await Promise.all(cachingChartsOf(model).map(figure));
  if (tables.length + figures.length === 0) return EMPTY;
  return html`<h2>Caching</h2>${figures}${tables}`;
}
