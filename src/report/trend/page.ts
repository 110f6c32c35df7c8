/** @module The page of a trend: the change points first, then a chart of each series. */
import type { TrendDocument, TrendSeries } from '../../result/trend/document.ts';
import { figure } from '../format/html/figure.ts';
import { shell } from '../format/html/shell.ts';
import { type Column, table } from '../format/html/table.ts';
import { EMPTY, html, type Markup } from '../format/markup.ts';
import { capital, keepUnits, plural } from '../wording.ts';
import {
  commitText,
  leftOutText,
  momentText,
  neededText,
  pText,
  seriesName,
  sizeOfChange,
  stepText,
} from './cells.ts';
import { trendChart } from './chart.ts';

/** How a change is marked in the list. */
const MARKS = { worse: 'bad', better: 'good', neither: 'neutral' } as const;

/** The trend as the text of an HTML file. */
export async function trendPage(document: TrendDocument): Promise<string> {
  const { series, results, label, createdAt } = document;
  const figures = await Promise.all(series.map((one, at) => figure(trendChart(one, at, document))));
  const title = `Trend of ${plural(results, 'result')}`;
  return shell(
    title,
    html`<header>
<p class="brand"><b>Paceline</b> · ${createdAt.slice(0, 16).replace('T', ' ')} UTC · ${label}</p>
<h1>${title}</h1>
</header>
<ul class="findings">${series.flatMap(findingsOf)}</ul>
<h2>Results over time</h2>
${figures}
${leftOut(document)}
${method(document)}`,
  );
}

/** A sentence for each change point, or that there is none. */
function findingsOf(series: TrendSeries): readonly Markup[] {
  const name = capital(seriesName(series));
  if (series.pointsNeeded > 0)
    return [html`<li class="neutral">${name}: ${keepUnits(neededText(series))}.</li>`];
  if (series.changes.length === 0)
    return [html`<li class="neutral">${name}: ${series.label} has no change point.</li>`];
  return series.changes.map((change) => {
    const [point, last] = [series.points[change.at]!, series.points[change.at - 1]!];
    const commits =
      point.revision === undefined
        ? EMPTY
        : html`, at commit <code>${commitText(point)}</code> (the result before it was of <code>${commitText(last)}</code>)`;
    return html`<li class="${MARKS[change.direction]}">${name}: ${keepUnits(
      `${series.label} ${stepText(series, change)} (${sizeOfChange(series, change)}, ${pText(change.p)})`,
    )} with the result of ${momentText(point)}${commits}.</li>`;
  });
}

function leftOut({ leftOut: rows }: TrendDocument): Markup {
  if (rows.length === 0) return EMPTY;
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { head: 'result', kind: 'name', cell: ({ file }) => file },
    { head: 'variant', kind: 'text', cell: ({ variant }) => variant },
    { head: 'why it is no point', kind: 'text', cell: leftOutText },
  ];
  return html`<h2>Left out</h2>${table('Left out', columns, rows)}`;
}

function method({ search }: TrendDocument): Markup {
  const percent = search.minMagnitude * 100;
  return html`<h2>How changes are found</h2>
<p class="quiet">E-divisive with Student’s t-test, as in Hunter (Fleming et al. 2023) and Apache Otava: windows of ${search.window} results are divided where the
parts differ most, and a change point is kept when p is below ${String(search.maxP)} and the means differ by more than ${percent} %. The places were sought, so
p ranks changes and is no rate of false alarms. A trend judges nothing: it shows where to look. Results of another workload, another machine class
or another major version of Node.js are series of their own.</p>`;
}
