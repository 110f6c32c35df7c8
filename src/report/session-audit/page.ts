/** @module An audit as a page: findings with the exchanges that prove them, the matrix of checks, and what was not tried. */
import type { SessionAudit, ShownExchange } from '../../session-audit/document.ts';
import { figure } from '../format/html/figure.ts';
import { shell } from '../format/html/shell.ts';
import { type Column, table } from '../format/html/table.ts';
import { EMPTY, html, type Markup } from '../format/markup.ts';
import { keepUnits, plain } from '../wording.ts';
import { auditMatrix } from './matrix.ts';
import {
  answerText,
  countsText,
  extentLines,
  madeText,
  NOT_CALLED,
  notRunText,
  requestText,
  whereText,
} from './sentences.ts';

type Finding = SessionAudit['findings'][number];

/** Characters of a request or an answer that are shown. */
const SHOWN = 400;
const CLASSES = { bad: 'bad', warning: 'warn', info: 'neutral' } as const;

/** The audit as the text of an HTML file. */
export async function sessionAuditPage(audit: SessionAudit): Promise<string> {
  const { target, findings } = audit;
  const nothing = audit.complete ? 'No hidden session found' : 'Not complete: nothing found so far';
  const title = findings.length === 0 ? nothing : 'What depends on where a call lands';
  const matrix = auditMatrix(audit);
  return shell(
    title,
    html`<header>
<p class="brand"><b>Paceline</b> · audit of ${plain(target.url)}</p>
<h1>${title}</h1>
${extentLines(audit).map((line) => html`<p>${keepUnits(line)}</p>`)}
</header>
<ul class="findings">${
      findings.length === 0
        ? [html`<li class="good">None of the checks that were made found anything.</li>`]
        : findings.map(summaryItem)
    }</ul>
<p class="quiet">${countsText(audit)}; ${madeText(audit)}</p>
${findings.length === 0 ? EMPTY : html`<h2>Evidence</h2>${findings.map(evidenceOf)}`}
<h2>What was tried</h2>
${matrix === undefined ? EMPTY : await figure(matrix)}
${checksTable(audit)}
${toolsTable(audit)}`,
  );
}

const summaryItem = ({ severity, title, subject, seen }: Finding): Markup =>
  html`<li class="${CLASSES[severity]}">${title} (<code>${plain(subject)}</code>): ${plain(seen)}.</li>`;

function evidenceOf({ check, title, subject, fix, evidence }: Finding): Markup {
  const columns: readonly Column<ShownExchange>[] = [
    { head: 'exchange', kind: 'name', cell: whereText },
    { head: 'request', kind: 'text', cell: (exchange) => requestText(exchange, SHOWN) },
    { head: 'answer', kind: 'text', cell: (exchange) => answerText(exchange, SHOWN) },
  ];
  return html`<h3>${title}: <code>${plain(subject)}</code></h3>
${table(`${check}: ${subject}`, columns, evidence)}
<p>To fix it: ${fix}.</p>`;
}

function checksTable({ checks, target }: SessionAudit): Markup {
  const left = checks.flatMap((check) => [
    ...(check.why === null ? [] : [{ check, subject: '', why: check.why }]),
    ...check.subjects.flatMap((one) =>
      one.why === null ? [] : [{ check, subject: plain(one.subject), why: one.why }],
    ),
  ]);
  if (left.length === 0) return EMPTY;
  const columns: readonly Column<(typeof left)[number]>[] = [
    { head: 'check', kind: 'name', cell: ({ check }) => check.name },
    { head: 'tool or method', kind: 'text', cell: ({ subject }) => subject },
    { head: 'why it was not made', kind: 'text', cell: ({ check, why }) => notRunText(why, check, target) },
  ];
  return html`<h3>Checks that were not made</h3>${table('Checks that were not made', columns, left)}`;
}

function toolsTable({ tools }: SessionAudit): Markup {
  if (tools.length === 0) return EMPTY;
  const columns: readonly Column<SessionAudit['tools'][number]>[] = [
    { head: 'tool', kind: 'name', cell: ({ name }) => plain(name) },
    { head: 'called after', kind: 'text', cell: ({ steps }) => steps.slice(0, -1).map(plain).join(', ') },
    {
      head: 'why it was not called',
      kind: 'text',
      cell: ({ notCalled }) => (notCalled === null ? '' : NOT_CALLED[notCalled]),
    },
  ];
  return html`<h3>Tools</h3>${table('Tools', columns, tools)}`;
}
