/** @module The section of the page about authorization: its tables and charts. */
import { authorizationChartsOf } from '../../chart/charts.ts';
import type { Model } from '../../model.ts';
import { AUTHORIZATION_TABLES } from '../../table/authorization/tables.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { figure } from './figure.ts';
import { titledTables } from './titled-tables.ts';

/** Nothing where no caller had credentials. */
export async function authorization(model: Model): Promise<Markup> {
  const tables = titledTables(AUTHORIZATION_TABLES, model, 'part');
  const figures = await Promise.all(authorizationChartsOf(model).map(figure));
  if (tables.length + figures.length === 0) return EMPTY;
  return html`<h2>Authorization</h2>${figures}${tables}`;
}
