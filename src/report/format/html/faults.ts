/** @module The table of faults on the page. */
import type { Model } from '../../model.ts';
import { faultTable, REFUSED } from '../../table/faults.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { plainTable } from './table.ts';

/** The figures after each injected fault; nothing without faults. */
export function faults(model: Model): Markup {
  const { heads, rows } = faultTable(model);
  if (rows.length === 0) return EMPTY;
  const sentences = [
    'Means over repetitions, with a 95 % interval.',
    'Calls failed and sessions lost are all those from the fault until the next one or the end, whatever made them fail.',
    ...(heads.includes(REFUSED) ? ['Handles refused: likewise, of the calls that brought a handle.'] : []),
    'Errors stop: until the last failed call, at a resolution of 0.1 s.',
    'Load even: until the first second over which every instance in service is within 20 % of the even share, or as near to it as chance allows.',
  ];
  return html`<h2>Effects of injected faults</h2>${plainTable('Effects of injected faults', heads, rows, 'blocks')}
<p class="quiet">${sentences.join(' ')}</p>`;
}
