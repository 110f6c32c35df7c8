/** @module The table of comparisons on the page: the ratios that the findings use. */
import type { Model } from '../../model.ts';
import { BY_REPETITION, comparisonTable } from '../../table/comparisons.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** A row for each two variants that were compared; nothing without comparisons. */
export function comparisons(model: Model): Markup {
  const { heads, rows } = comparisonTable(model);
  if (rows.length === 0) return EMPTY;
  return html`<h3 class="part">Comparisons by repetition</h3>${plainTable('Comparisons by repetition', heads, rows, 'blocks')}
<p class="quiet">${BY_REPETITION}</p>`;
}
