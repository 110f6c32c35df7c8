/** @module The section of the page about the slowest calls, variant by variant. */
import type { Model } from '../../model.ts';
import { slowestColumns, slowestNotes, type WithSlowest, withSlowest } from '../../table/slowest.ts';
import { keepUnits } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { table } from './table.ts';

/** Nothing where no call has a response time, and for older results. */
export function slowest({ measured }: Model): Markup {
  const all = withSlowest(measured);
  if (all.length === 0) return EMPTY;
  const isTraced = all.some((one) => one.slowest.calls.some(({ traceparent }) => traceparent !== null));
  const traces = isTraced
    ? 'The trace id is that of the traceparent that was sent: a server that passes it on has its spans under it.'
    : '';
  return html`<h2>The ten slowest calls</h2>
<p class="quiet">Of all repetitions, without the warm-up. Times of calls count from the start of the measured time. ${traces}</p>
${all.map((one) => (all.length === 1 ? content(one) : folded(one)))}`;
}

/** Of several variants each is opened by who wants to see it. */
const folded = (one: WithSlowest): Markup =>
  html`<details><summary>${one.name}</summary>${content(one)}</details>`;

function content(one: WithSlowest): Markup {
  const notes = slowestNotes(one).map((text) => html`<p>${keepUnits(text)}</p>`);
  return html`${notes}${table(`The slowest calls of ${one.name}`, slowestColumns(one), one.slowest.calls)}`;
}
