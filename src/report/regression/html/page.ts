/** @module The whole page of a comparison, its verdict first. */
import type { Change, ChangeVerdict, ComparisonDocument } from '../../../result/regression/document.ts';
import type { Chart } from '../../chart/chart.ts';
import { onOneAxis } from '../../chart/regression/axis.ts';
import { pairedChanges } from '../../chart/regression/changes.ts';
import { overlaid } from '../../chart/regression/distributions.ts';
import { repetitionValues } from '../../chart/regression/values.ts';
import { figure } from '../../format/html/figure.ts';
import { shell } from '../../format/html/shell.ts';
import { EMPTY, html, lowered, type Markup, trusted } from '../../format/markup.ts';
import { keepUnits, plain, plural } from '../../wording.ts';
import { historyLines } from '../history-lines.ts';
import { changeSentence, VERDICT_TITLES, verdictSentence } from '../verdict-text.ts';
import { changesTable } from './changes.ts';
import { judged, reproduce, unlike } from './sides.ts';

/** Of a verdict with more reasons, and of more headline metrics, the rest would bury the table. */
const MOST = { reasons: 4, sentences: 8 } as const;

/** The classes of the badge and of a line, as the style of every page has them. */
const TONES: Readonly<Record<ChangeVerdict, { readonly badge: string; readonly line: string }>> = {
  regressed: { badge: 'fail', line: 'bad' },
  improved: { badge: 'pass', line: 'good' },
  same: { badge: 'pass', line: 'neutral' },
  undecided: { badge: 'inconclusive', line: 'warning' },
};

/** The first of `items`, and a line that says how many more there are. */
function limited(items: readonly Markup[], most: number, more: string): readonly Markup[] {
  if (items.length <= most) return items;
  return [...items.slice(0, most), html`<li class="neutral">and ${items.length - most} more ${more}</li>`];
}

const titleOf = ({ title }: ComparisonDocument): string => plain(title) || 'Comparison';

const headlinesOf = ({ changes }: ComparisonDocument): readonly Change[] =>
  changes.filter(({ isHeadline }) => isHeadline);

function verdictPart(document: ComparisonDocument): Markup {
  const { status, reasons: given } = document.verdict;
  const reasons = given.map((reason) => html`<li>${keepUnits(reason)}</li>`);
  return html`<div class="verdict"><span class="badge ${trusted(TONES[status].badge)}">${VERDICT_TITLES[status]}</span><ul class="reasons"><li>${keepUnits(verdictSentence(document))}</li>${limited(reasons, MOST.reasons, 'reasons in the JSON of the comparison')}</ul></div>`;
}

function sentences(document: ComparisonDocument): Markup {
  const lines = headlinesOf(document).map(
    (change) =>
      html`<li class="${trusted(TONES[change.verdict].line)}">${keepUnits(changeSentence(change))}</li>`,
  );
  const past = historyLines(document.history ?? []).map(
    (line) => html`<li class="neutral">${keepUnits(line)}</li>`,
  );
  return html`<ul class="findings">${limited(lines, MOST.sentences, 'in the table')}${past}</ul>`;
}

function figures(charts: readonly (Chart | undefined)[], suffix: string): Promise<readonly Markup[]> {
  const drawn = charts.filter((chart) => chart !== undefined);
  return Promise.all(drawn.map((chart) => figure({ ...chart, name: chart.name + suffix })));
}

/** A chart for each axis that headline metrics need: variants can have different ones. */
const valueCharts = (document: ComparisonDocument): readonly (Chart | undefined)[] =>
  onOneAxis(headlinesOf(document)).map((group, at) =>
    repetitionValues(group, at === 0 ? '' : `-axis-${at + 1}`),
  );

/** One comparison. `suffix` follows the names of its charts, so that several can share a page. */
async function content(document: ComparisonDocument, suffix: string): Promise<Markup> {
  const [why, rest] = await Promise.all([
    figures([pairedChanges(document)], suffix),
    figures([overlaid(document.distributions ?? []), ...valueCharts(document)], suffix),
  ]);
  const drawn = rest.length === 0 ? EMPTY : html`<h2>Distributions and repetitions</h2>${rest}`;
  return html`${verdictPart(document)}
${sentences(document)}
${why}
${changesTable(document)}
${drawn}
${unlike(document)}
${judged(document)}
${reproduce(document)}`;
}

/** Comparisons of one base, at least one, as the text of an HTML file. */
export async function comparisonPage(documents: readonly ComparisonDocument[]): Promise<string> {
  const [first] = documents;
  const pairs = Math.max(0, ...documents.flatMap(headlinesOf).map((one) => one.pairs.length));
  const parts = await Promise.all(documents.map((one, at) => content(one, at === 0 ? '' : `-${at + 1}`)));
  const against = html`against ${plain(first!.base.label)}`;
  const body =
    documents.length === 1
      ? html`<p class="quiet">${plain(first!.candidate.label)} ${against}</p>
${parts[0]!}`
      : parts.map(
          (part, at) =>
            html`<section class="question"><h2>${plain(documents[at]!.candidate.label)} ${against}</h2>${lowered(part)}</section>`,
        );
  return shell(
    titleOf(first!),
    html`<p class="brand"><b>Paceline</b> · ${first!.createdAt.slice(0, 16).replace('T', ' ')} UTC · ${plural(headlinesOf(first!).length, 'variant')} · ${plural(pairs, 'pair')} of repetitions</p>
<h1>${titleOf(first!)}</h1>
${body}`,
  );
}
