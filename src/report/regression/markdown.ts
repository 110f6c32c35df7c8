/** @module Comparisons as Markdown: what changed in sentences, the table, and what the comparison can see, folded. */
import type { ChangeVerdict, ComparisonDocument } from '../../result/regression/document.ts';
import { escapeMarkdown } from '../format/markdown.ts';
import { list } from '../wording.ts';
import { historyLines } from './history-lines.ts';
import { otherRegressionSentence } from './other-regressions.ts';
import { PRECISION_HEADS, precisionRows } from './precision.ts';
import { errorSentence, headlineSentences, refusedAdvice, sideText, unlikeText } from './sentences.ts';
import { type ChangeRow, type ChangeTable, changeTable, HEADLINE_MARK, UNDECIDED } from './table.ts';

const MARKS: Readonly<Record<ChangeVerdict, string>> = {
  regressed: '❌',
  undecided: '❔',
  improved: '✅',
  same: '✅',
};

type Row = readonly string[];

/** `documents`: at least one, with the same base. */
export function comparisonMarkdown(documents: readonly ComparisonDocument[]): string {
  const [first] = documents;
  const title = first!.title === '' ? 'Comparison' : first!.title;
  const of = (document: ComparisonDocument): string =>
    documents.length > 1 ? `${escapeMarkdown(document.candidate.label)}: ` : '';
  const lines = [
    `### ${escapeMarkdown(title)}: ${list(documents.map((one) => `${MARKS[one.verdict.status]} ${of(one)}${one.verdict.status}`))}`,
    '',
    ...documents.flatMap((one) =>
      headlineSentences(one).map((text) => `- ${of(one)}${escapeMarkdown(text)}`),
    ),
    ...documents.flatMap((one) =>
      [...one.unlike.map(unlikeText), ...refusedAdvice(one)].map(
        (text) => `- ⚠️ ${of(one)}${escapeMarkdown(text)}`,
      ),
    ),
    ...documents.flatMap(({ history = [] }) =>
      historyLines(history).map((text) => `- ${escapeMarkdown(text)}`),
    ),
    '',
    ...changeLines(documents),
    ...documents.flatMap((one) =>
      otherRegressionSentence(one).flatMap((text) => [`⚠️ ${of(one)}${escapeMarkdown(text)}`, '']),
    ),
    ...precisionLines(documents),
    `<sub>${escapeMarkdown(HEADLINE_MARK)} headline metric. ${escapeMarkdown(errorSentence(first!))}</sub>`,
    '',
    `<sub>Base: ${escapeMarkdown(sideText(first!.base))}.${documents
      .map(({ candidate }) => ` Candidate: ${escapeMarkdown(sideText(candidate))}.`)
      .join('')} Paceline ${escapeMarkdown(first!.paceline)}.</sub>`,
  ];
  return `${lines.join('\n')}\n`;
}

function changeLines(documents: readonly ComparisonDocument[]): readonly string[] {
  const table = changeTable(documents);
  const isGrouped = table.groups.some(({ title }) => title !== '');
  const first: readonly Column[] = (isGrouped ? ['metric', 'variant'] : ['metric']).map(asText);
  const columns = [
    ...first,
    asFigure('base'),
    ...documents.flatMap((one) => columnsOf(one, documents.length)),
  ];
  const rows = table.groups.flatMap(({ title, rows, geomeans }): readonly Row[] => {
    const start = (label: string): Row => (isGrouped ? [title, label] : [label]);
    const mean = geomeans.flatMap((change) => ['', change, '', '']);
    return [
      ...rows.map((row) => [...start(row.label), ...figuresOf(row)]),
      ...(geomeans.length === 0 ? [] : [[...start('geomean'), '', ...mean]]),
    ];
  });
  return [...tableOf(columns, rows), ...notesOf(table)];
}

interface Column {
  readonly head: string;
  readonly isText: boolean;
}

const asText = (head: string): Column => ({ head, isText: true });
const asFigure = (head: string): Column => ({ head, isText: false });

function columnsOf({ candidate }: ComparisonDocument, candidates: number): readonly Column[] {
  const value = candidates > 1 ? candidate.label : 'candidate';
  return [asFigure(value), asFigure('change'), asFigure('interval'), asText('verdict')];
}

const figuresOf = ({ base, candidates }: ChangeRow): Row => [
  base,
  ...candidates.flatMap(({ value, change, interval, verdict }) => [value, change, interval, verdict]),
];

function tableOf(columns: readonly Column[], rows: readonly Row[]): readonly string[] {
  const line = (cells: Row): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = columns.map(({ isText }) => (isText ? '---' : '---:'));
  return [line(columns.map(({ head }) => head)), `| ${rule.join(' | ')} |`, ...rows.map(line), ''];
}

/** Below the table: why rows are undecided, and what has no rows. */
function notesOf({ notes, equal }: ChangeTable): readonly string[] {
  return [
    ...notes.map(
      (note, at) =>
        `${at === 0 ? `${escapeMarkdown(UNDECIDED)} undecided: ` : ''}${escapeMarkdown(note)}<br>`,
    ),
    ...(notes.length === 0 ? [] : ['']),
    ...(equal.length === 0
      ? []
      : [`Equal on both sides in every repetition: ${escapeMarkdown(list(equal))}.`, '']),
  ];
}

/** Folded, since it is for those who plan the next run. */
function precisionLines(documents: readonly ComparisonDocument[]): readonly string[] {
  const rows = documents.flatMap(precisionRows);
  if (rows.length === 0) return [];
  const columns = PRECISION_HEADS.map((head, at) => (at === 0 ? asText(head) : asFigure(head)));
  return [
    '<details><summary>What these repetitions can see</summary>',
    '',
    ...tableOf(columns, rows),
    '</details>',
    '',
  ];
}
