/** @module Format `md`: headline table and findings, for a comment on a pull request. */
import { WHO_IS_TIMED } from '../../result/measure/times.ts';
import { answered, NO_ANSWER, OTHER_VARIANTS } from '../findings/answers/answers.ts';
import { type Finding, findings, wholeFindings } from '../findings/findings.ts';
import type { Model } from '../model.ts';
import { reproductionOf } from '../reproduction.ts';
import { AUTHORIZATION_TABLES } from '../table/authorization/tables.ts';
import { CACHING_TABLES } from '../table/caching/tables.ts';
import { BY_REPETITION, comparisonTable } from '../table/comparisons.ts';
import { faultTable } from '../table/faults.ts';
import { FLOW_TABLES } from '../table/flows.ts';
import { headlineTable, type TextTable } from '../table/headline.ts';
import { noteLines } from '../table/notes.ts';
import { TASK_TABLES } from '../table/tasks.ts';
import { thresholdTable } from '../table/thresholds.ts';
import { transports } from '../table/transports.ts';
import { plain } from '../wording.ts';
import { areFigures } from './columns.ts';
import { type Render, single } from './rendered.ts';
import { verdictText } from './verdict.ts';

/**
 * Text in which nothing is Markdown, HTML, a mention, an issue or a link: each character that could start one becomes a
 * character reference, which GitHub Flavored Markdown never takes for structure (section 6.2 of its specification).
 */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[&<>|*_`[\]\\~@#$]/g, (letter) => `&#${letter.charCodeAt(0)};`)
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

const MARKS = { good: '✅', bad: '❌', warning: '⚠️', neutral: '•' } as const;

function tableOf({ heads, rows }: TextTable): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = heads.map((_, at) => (at > 0 && areFigures(rows.map((row) => row[at]!)) ? '---:' : '---'));
  return [line(heads), `| ${rule.join(' | ')} |`, ...rows.map(line), ''];
}

export const markdown: Render = async (model) => {
  const { document, title } = model;
  const { reasons } = document.verdict;
  const { given } = reproductionOf(model);
  const started = given === undefined ? '' : `, started with ${escapeMarkdown(given)}`;
  const lines = [
    `### ${escapeMarkdown(title)}: ${verdictText(document)}`,
    '',
    ...reasons.map((reason) => `- ${escapeMarkdown(reason)}`),
    ...(reasons.length > 0 ? [''] : []),
    ...answers(model),
    ...findingLines(model.parts.length === 0 ? findings(model) : wholeFindings(model)),
    ...noteLines(model, 'untold').map((line) => `- ${MARKS.warning} ${escapeMarkdown(line)}`),
    '',
    ...tableOf(thresholdTable(model)),
    ...(model.parts.length === 0 ? tables(model) : questions(model)),
    `<sub>Response times count from the moment a call was due; ${WHO_IS_TIMED}. Paceline ${escapeMarkdown(document.paceline)}, seed ${document.seed}, ${escapeMarkdown(document.createdAt)}${started}.</sub>`,
  ];
  return single('report.md', `${lines.join('\n')}\n`);
};

const findingLines = (some: readonly Finding[]): readonly string[] =>
  some.map(({ tone, text }) => `- ${MARKS[tone]} ${escapeMarkdown(text)}`);

function tables(model: Model): readonly string[] {
  const compared = comparisonTable(model);
  return [
    ...tableOf(headlineTable(model)),
    ...tableOf(compared),
    ...(compared.rows.length > 0 ? [`<sub>${BY_REPETITION}</sub>`, ''] : []),
    ...tableOf(faultTable(model)),
    ...sectionOf(model, AUTHORIZATION_TABLES),
    ...sectionOf(model, CACHING_TABLES),
    ...sectionOf(model, TASK_TABLES),
    ...sectionOf(model, [transports]),
    ...sectionOf(model, FLOW_TABLES),
  ];
}

/** The answers to the questions of the profile; nothing where it asks none. */
function answers(model: Model): readonly string[] {
  const asked = answered(model).filter(({ question }) => question !== '');
  const lines = asked.map(
    ({ number, question, answer }) =>
      `${number}. **${escapeMarkdown(question)}** ${escapeMarkdown(answer || NO_ANSWER)}`,
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

/** For each question of the profile its findings and tables. */
const questions = (model: Model): readonly string[] =>
  answered(model).flatMap(({ question, model: part, findings: own }) => [
    `#### ${escapeMarkdown(question || OTHER_VARIANTS)}`,
    '',
    ...findingLines(own),
    '',
    ...tables(part),
  ]);

/** A table with what a reader of it has to know. */
interface NotedTable {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
}

/** The tables of a section that have rows, each with its title and note. */
function sectionOf(model: Model, tables: readonly NotedTable[]): readonly string[] {
  return tables.flatMap(({ title, note, table }) => {
    const rows = tableOf(table(model));
    return rows.length === 0 ? [] : [`**${title}**`, '', ...rows, `<sub>${escapeMarkdown(note)}</sub>`, ''];
  });
}
