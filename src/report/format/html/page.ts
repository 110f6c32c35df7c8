/** @module The whole page of a result, findings first. */
import type { ResultDocument } from '../../../result/document.ts';
import { resultChartsOf } from '../../chart/charts.ts';
import { findings, wholeFindings } from '../../findings/findings.ts';
import type { Model } from '../../model.ts';
import { sessionAuditSection } from '../../session-audit/page.ts';
import { keepUnits, plural } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { NO_THRESHOLDS } from '../verdict.ts';
import { authorization } from './authorization.ts';
import { caching } from './caching.ts';
import { comparisons } from './comparisons.ts';
import { faults } from './faults.ts';
import { figure } from './figure.ts';
import { findingList } from './findings.ts';
import { flows } from './flows.ts';
import { inspection } from './inspection.ts';
import { events, method } from './method.ts';
import { answerList, questions } from './questions.ts';
import { reproduce } from './reproduce.ts';
import { callTable, errorTable, quantityTable, variantTable } from './results.ts';
import { shell } from './shell.ts';
import { slowest } from './slowest.ts';
import { tasks } from './tasks.ts';
import { thresholds } from './thresholds.ts';
import { transports } from './transports.ts';

/** Of a verdict with more reasons, the rest would bury the findings. */
const MOST_REASONS = 4;

const VERDICTS = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
  none: 'No thresholds',
} as const;

function verdict(document: ResultDocument): Markup {
  const { status, reasons: given } = document.verdict;
  const reasons = status === 'none' ? [...given, NO_THRESHOLDS] : given;
  const more =
    reasons.length > MOST_REASONS
      ? html`<li>and ${plural(reasons.length - MOST_REASONS, 'more reason')} in the result file</li>`
      : EMPTY;
  const why =
    reasons.length === 0
      ? EMPTY
      : html`<ul class="reasons">${reasons.slice(0, MOST_REASONS).map((reason) => html`<li>${keepUnits(reason)}</li>`)}${more}</ul>`;
  return html`<div class="verdict"><span class="badge ${status}">${VERDICTS[status]}</span>${why}</div>`;
}

function top(model: Model): Markup {
  const { document, title } = model;
  const trials = document.variants.reduce((sum, variant) => sum + variant.repetitions.length, 0);
  return html`<header>
<p class="brand"><b>Paceline</b> · ${document.createdAt.slice(0, 16).replace('T', ' ')} UTC · ${plural(document.variants.length, 'variant')} · ${plural(trials, 'trial')}</p>
<h1>${title}</h1>
${verdict(document)}
</header>
${answerList(model)}
${findingList(model.parts.length === 0 ? findings(model) : wholeFindings(model))}`;
}

/** Tables and charts of the variants of a model. */
async function content(model: Model): Promise<Markup> {
  const { measured, quantities } = model;
  const figures = await Promise.all(resultChartsOf(model).map(figure));
  const results =
    measured.length === 0
      ? EMPTY
      : html`<h2>Results</h2>${variantTable(model)}${comparisons(model)}${faults(model)}${figures}`;
  return html`${results}
${await authorization(model)}
${await caching(model)}
${tasks(model)}${transports(model)}
${quantities.map((quantity) => quantityTable(quantity, measured))}
${flows(model)}
${callTable(model)}
${slowest(model)}
${errorTable(measured)}`;
}

/** The report as the text of an HTML file. */
export async function page(model: Model): Promise<string> {
  const { title, parts, audit } = model;
  const results = parts.length === 0 ? await content(model) : await questions(model, content);
  return shell(
    title,
    html`${top(model)}
${thresholds(model)}
${results}
${inspection(model)}
${audit === undefined ? EMPTY : await sessionAuditSection(audit, model.document.profileFile)}
${events(model)}
${method(model)}
${reproduce(model)}`,
  );
}
