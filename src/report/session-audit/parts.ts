/** @module The parts of a page about an audit: what was found, the exchanges that prove it, and what was tried. */
import type { SessionAudit } from '../../session-audit/document.ts';
import { figure } from '../format/html/figure.ts';
import { type Column, table } from '../format/html/table.ts';
import { EMPTY, html, type Markup } from '../format/markup.ts';
import { keepUnits, plain } from '../wording.ts';
import { auditMatrix } from './matrix.ts';
import {
  answerText,
  countsText,
  differsText,
  extentLines,
  madeText,
  NOT_CALLED,
  notRunText,
  requestText,
  whereText,
} from './sentences.ts';

type Finding = SessionAudit['findings'][number];
type Tool = SessionAudit['tools'][number];

/** Characters of a request or an answer that are shown. */
const SHOWN = 400;
const CLASSES = { bad: 'bad', warning: 'warning', info: 'neutral' } as const;

/** What was audited, in sentences. */
export const extentOf = (audit: SessionAudit): readonly Markup[] =>
  extentLines(audit).map((line) => html`<p>${keepUnits(line)}</p>`);

/** The findings as a list, and how many there are. */
export function foundIn(audit: SessionAudit): Markup {
  const { findings } = audit;
  const items =
    findings.length === 0
      ? [html`<li class="good">None of the checks that were made found anything.</li>`]
      : findings.map(summaryItem);
  return html`<ul class="findings">${items}</ul>
<p class="quiet">${countsText(audit)}; ${madeText(audit)}</p>`;
}

const summaryItem = ({ severity, title, subject, seen }: Finding): Markup =>
  html`<li class="${CLASSES[severity]}">${title} (<code>${plain(subject)}</code>): ${plain(seen)}.</li>`;

/** The two exchanges of each finding, and its fix. */
export const evidenceIn = ({ findings }: SessionAudit): readonly Markup[] => findings.map(evidenceOf);

function evidenceOf(finding: Finding): Markup {
  const { title, subject, fix } = finding;
  return html`<h3 class="part">${title}: <code>${plain(subject)}</code></h3>
${([0, 1] as const).map((index) => exchangeOf(finding, index))}
<p>To fix it: ${fix}.</p>`;
}

function exchangeOf(finding: Finding, index: 0 | 1): Markup {
  const exchange = finding.evidence[index];
  const differs = differsText(finding, index);
  const rows: readonly (readonly [string, string])[] = [
    ['request', requestText(exchange, SHOWN)],
    ['answer', answerText(exchange, SHOWN)],
    ...(differs === '' ? [] : [['what differs', differs] as const]),
  ];
  return html`<div class="exchange"><p>${whereText(exchange)}</p>
<dl>${rows.map(([name, text]) => html`<dt>${name}</dt><dd><code>${text}</code></dd>`)}</dl></div>`;
}

/** The matrix of checks, the checks that were not made, and the tools. */
export async function triedIn(audit: SessionAudit): Promise<Markup> {
  const matrix = auditMatrix(audit);
  return html`${matrix === undefined ? EMPTY : await figure(matrix)}
${checksTable(audit)}
${toolsTable(audit)}`;
}

/** The checks that were not made at all, and the tools or methods that others left out. */
function checksTable(audit: SessionAudit): Markup {
  const { checks } = audit;
  const left = checks.flatMap((check) => {
    if (check.why !== null) return [{ what: check.name, check, why: check.why }];
    const one = (subject: string): string => `${check.name}: ${plain(subject)}`;
    return check.subjects.flatMap(({ subject, why }) =>
      why === null ? [] : [{ what: one(subject), check, why }],
    );
  });
  if (left.length === 0) return EMPTY;
  const columns: readonly Column<(typeof left)[number]>[] = [
    { head: 'check', kind: 'name', cell: ({ what }) => what },
    { head: 'why it was not made', kind: 'text', cell: ({ check, why }) => notRunText(why, check, audit) },
  ];
  return html`<h3 class="part">Checks that were not made</h3>${table('Checks that were not made', columns, left)}`;
}

function toolsTable({ tools }: SessionAudit): Markup {
  if (tools.length === 0) return EMPTY;
  const columns: readonly Column<Tool>[] = [
    { head: 'tool', kind: 'name', cell: ({ name }) => plain(name) },
    { head: 'what became of it', kind: 'text', cell: calledText },
  ];
  return html`<h3 class="part">Tools</h3>${table('Tools', columns, tools)}`;
}

/** `called after create_basket`, or why it could not be called. */
function calledText({ notCalled, steps }: Tool): string {
  if (notCalled !== null) return NOT_CALLED[notCalled];
  const before = steps.slice(0, -1).map(plain);
  return before.length === 0 ? 'called' : `called after ${before.join(', ')}`;
}
