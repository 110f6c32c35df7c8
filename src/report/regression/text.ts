/** @module Comparisons on a terminal, in the manner of benchstat: a row for each metric, `~` where nothing is decided. */
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { columns } from '../format/columns.ts';
import { inLines, keepUnits, list, plain, shortenAll } from '../wording.ts';
import { historyLines } from './history-lines.ts';
import { otherRegressionSentence } from './other-regressions.ts';
import { PRECISION_HEADS, precisionRows, precisionSentence, tellingHeadlines } from './precision.ts';
import { errorSentence, headlineSentences, refusedAdvice, sideText, unlikeText } from './sentences.ts';
import { type ChangeRow, type ChangeTable, changeTable, HEADLINE_MARK, UNDECIDED } from './table.ts';

/** The width of a paragraph. */
const WIDTH = 80;

/** The longest label of a row, and of a side above its column. */
const LONGEST_LABEL = 24;
const LONGEST_SIDE = 12;

/** Candidates beside each other; more of them are put below. */
const CANDIDATES_IN_ROW = 3;

/** Several lines with a closing line break. `documents`: at least one, with the same base. */
export function comparisonText(documents: readonly ComparisonDocument[]): string {
  const several = documents.length > 1;
  const of = (document: ComparisonDocument): string => (several ? `${nameOf(document)}: ` : '');
  const lines = [
    ...documents.flatMap((one) => headlineSentences(one).map((text) => of(one) + text)),
    '',
    ...new Set(documents.map(({ base }) => `base       ${sideText(base)}`)),
    ...documents.map(({ candidate }) => `candidate  ${sideText(candidate)}`),
    ...documents.flatMap((one) => cautionsOf(one).map((text) => `! ${of(one)}${text}`)),
  ].flatMap(paragraph);
  const end = [
    ...documents.flatMap(({ history = [] }) => historyLines(history)),
    `${HEADLINE_MARK} headline metric. ${errorSentence(documents[0]!)}`,
    ...documents.flatMap((one) => otherRegressionSentence(one).map((text) => of(one) + text)),
    ...documents.map((one) => `verdict${several ? ` on ${nameOf(one)}` : ''}: ${one.verdict.status}`),
  ].flatMap(paragraph);
  const tables = blocksOf(documents).flatMap((block) => ['', ...tableLines(block)]);
  const precision = documents.flatMap((one) => precisionLines(one, of(one)));
  return `${[...lines, ...tables, ...precision, '', ...end].join('\n')}\n`;
}

const nameOf = ({ candidate }: ComparisonDocument): string => plain(candidate.label);

const cautionsOf = (document: ComparisonDocument): readonly string[] => [
  ...document.unlike.map(unlikeText),
  ...refusedAdvice(document),
];

/** Lines of which all but the first are indented. */
const paragraph = (text: string): readonly string[] =>
  inLines(keepUnits(text), WIDTH - 2)
    .map((line) => line.replaceAll('\u00a0', ' '))
    .map((line, at) => (at === 0 ? line : `  ${line}`));

function blocksOf(documents: readonly ComparisonDocument[]): readonly (readonly ComparisonDocument[])[] {
  const starts = documents.flatMap((_, at) => (at % CANDIDATES_IN_ROW === 0 ? [at] : []));
  return starts.map((start) => documents.slice(start, start + CANDIDATES_IN_ROW));
}

function tableLines(documents: readonly ComparisonDocument[]): readonly string[] {
  const table = changeTable(documents);
  const sides = [documents[0]!.base, ...documents.map(({ candidate }) => candidate)];
  const hasIntervals = documents.length === 1;
  const names = hasIntervals ? ['base', 'candidate'] : sides.map(({ label }) => plain(label));
  const [base, ...candidates] = shortenAll(names, LONGEST_SIDE);
  const heads = [
    '',
    base!,
    ...candidates.flatMap((name) => [name, 'change', ...(hasIntervals ? [''] : []), '']),
  ];
  const isText = heads.flatMap((_, at) => (at === 0 || isVerdict(at, hasIntervals) ? [at] : []));
  const rows = table.groups.flatMap((group) => groupRows(group, heads.length, hasIntervals));
  return [...columns([heads, ...rows], isText), ...notesOf(table)];
}

/** Whether the column holds verdicts: the last one of each candidate. */
const isVerdict = (at: number, hasIntervals: boolean): boolean =>
  at > 1 && (at - 1) % (hasIntervals ? 4 : 3) === 0;

function groupRows(
  { title, rows, geomeans }: ChangeTable['groups'][number],
  width: number,
  hasIntervals: boolean,
): readonly (readonly string[])[] {
  const indent = title === '' ? '' : '  ';
  const blank = (label: string): readonly string[] => [label, ...Array<string>(width - 1).fill('')];
  const mean = geomeans.flatMap((change) => ['', change, ...(hasIntervals ? [''] : []), '']);
  return [
    ...(title === '' ? [] : [blank(''), blank(title)]),
    ...rows.flatMap((row) => {
      const label = inLines(row.label, LONGEST_LABEL - indent.length).map((line) => indent + line);
      return [...label.slice(0, -1).map(blank), [label.at(-1)!, ...figuresOf(row, hasIntervals)]];
    }),
    ...(geomeans.length === 0 ? [] : [[`${indent}geomean`, '', ...mean]]),
  ];
}

const figuresOf = ({ base, candidates }: ChangeRow, hasIntervals: boolean): readonly string[] => [
  base,
  ...candidates.flatMap(({ value, change, interval, verdict }) => [
    value,
    change,
    ...(hasIntervals ? [interval] : []),
    verdict,
  ]),
];

/** Below the table: why rows are undecided, and what has no rows. */
function notesOf({ notes, equal }: ChangeTable): readonly string[] {
  const open = notes.length === 0 ? [] : ['', `${UNDECIDED} undecided:`, ...notes];
  const same = equal.length === 0 ? [] : ['', `Equal on both sides in every repetition: ${list(equal)}.`];
  return [...open, ...same].flatMap((line) => (line === '' ? [''] : paragraph(line)));
}

/** `of`: whose precision it is, where that has to be said. */
function precisionLines(document: ComparisonDocument, of: string): readonly string[] {
  const telling = tellingHeadlines(document);
  if (telling.length === 0) return [];
  if (telling.length === 1) return ['', ...paragraph(of + precisionSentence(telling[0]!))];
  const rows = precisionRows(document);
  const names = shortenAll(
    rows.map(([name]) => name!),
    LONGEST_LABEL,
  );
  const [head, ...heads] = PRECISION_HEADS;
  return ['', ...columns([[of + head, ...heads], ...rows.map(([, ...cells], at) => [names[at]!, ...cells])])];
}
