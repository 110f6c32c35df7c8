/** @module A chart on the page: drawn for a desk and for a phone in the page's colours, with its figures in a table behind it. */
import type { Chart, Width } from '../../chart/chart.ts';
import { drawSvg, labelled } from '../../chart/draw.ts';
import { themed } from '../../chart/palette.ts';
import { escapeText, html, type Markup, trusted } from '../markup.ts';
import { plainTable } from './table.ts';

async function drawing(chart: Chart, width: Width): Promise<Markup> {
  const svg = await drawSvg(chart.spec(width), `${chart.name}-${width}`);
  const drawn = trusted(
    themed(labelled(svg, escapeText(`${chart.title}. ${chart.caption} The figures follow as a table.`))),
  );
  return chart.mayBeWider === true
    ? html`<div class="drawing ${width} scroll wider" role="region" aria-label="${chart.title}" tabindex="0">${drawn}<span class="fade"></span></div>`
    : html`<div class="drawing ${width}">${drawn}</div>`;
}

export async function figure(chart: Chart): Promise<Markup> {
  return html`<figure id="${chart.name}">
<figcaption><h3>${chart.title}</h3><p>${chart.caption}</p></figcaption>
${await drawing(chart, 'wide')}
${await drawing(chart, 'narrow')}
<details><summary>Figures behind this chart</summary>${plainTable(chart.title, chart.table.columns, chart.table.rows)}</details>
</figure>`;
}
