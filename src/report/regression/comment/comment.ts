/** @module Comparisons as one comment on a pull request, which each run updates: the verdict and the headline metrics, and the rest folded. */
import type { Change, ChangeVerdict, ComparisonDocument } from '../../../result/regression/document.ts';
import { escapeMarkdown } from '../../format/markdown.ts';
import { capital, keepUnits, plural, shorten } from '../../wording.ts';
import { changeText, intervalText, valueText } from '../change-cells.ts';
import { historyLines } from '../history-lines.ts';
import { otherRegressionLines } from '../other-regressions.ts';
import { errorSentence, refusedAdvice, sideText, unlikeText } from '../sentences.ts';
import { verdictSentence } from '../verdict-text.ts';
import { budgetUsed } from './budget-used.ts';
import { markerOf } from './marker.ts';
import { again } from './reproduce.ts';
import { sparklines } from './sparkline.ts';

/** What a comment is told besides the comparisons. */
export interface CommentContext {
  /** What the comments of different workloads differ by; absent: the title of the profile. */
  readonly commentKey?: string | undefined;
  /** Where CI keeps the whole report; absent: nowhere. */
  readonly reportUrl?: string | undefined;
}

/** GitHub takes 65,536 characters. */
const LIMIT = 60_000;

/** Letters of a name, and of a sentence. */
const LONGEST = { name: 80, sentence: 400 } as const;
const MOST_REASONS = 4;

/** How many candidates a comment shows, and of each how many headline metrics, and how many metrics and differences in the folded part. */
interface Detail {
  readonly candidates: number;
  readonly headlines: number;
  readonly rows: number;
}

/** From much to little: the first with which the comment is short enough. */
const DETAILS: readonly Detail[] = [
  { candidates: 6, headlines: 30, rows: 300 },
  { candidates: 6, headlines: 20, rows: 60 },
  { candidates: 4, headlines: 10, rows: 15 },
  { candidates: 1, headlines: 3, rows: 0 },
];

const MARKS: Readonly<Record<ChangeVerdict, string>> = {
  regressed: '❌',
  undecided: '❔',
  improved: '✅',
  same: '✅',
};

const name = (text: string): string => escapeMarkdown(shorten(text, LONGEST.name));
const sentence = (text: string): string => escapeMarkdown(shorten(text, LONGEST.sentence));

/** At most 60,000 characters. `documents`: at least one, with the same base. */
export function comparisonComment(
  documents: readonly ComparisonDocument[],
  context: CommentContext = {},
): string {
  const texts = DETAILS.map((detail) => () => commentOf(documents, context, detail));
  const short = texts.find((text) => text().length <= LIMIT) ?? texts.at(-1)!;
  return short();
}

function commentOf(
  documents: readonly ComparisonDocument[],
  { commentKey, reportUrl }: CommentContext,
  detail: Detail,
): string {
  const [first] = documents;
  const title = first!.title === '' ? 'Comparison' : first!.title;
  const shown = documents.slice(0, detail.candidates);
  const several = documents.length > 1;
  const left = documents.length - shown.length;
  const lines = [
    markerOf(commentKey ?? title),
    `### ${shown.map(({ verdict }) => `${MARKS[verdict.status]} `).join('')}${name(title)}: ${[...new Set(documents.map(({ verdict }) => verdict.status))].join(', ')}`,
    '',
    ...shown.flatMap((one) => [
      ...(several
        ? [`#### ${MARKS[one.verdict.status]} ${name(one.candidate.label)}: ${one.verdict.status}`, '']
        : []),
      ...verdictLines(one),
      ...headlineTable(one, detail.headlines),
      ...warningLines(one, detail.headlines),
    ]),
    ...(left > 0 ? [`${plural(left, 'more candidate is', 'more candidates are')} in the report.`, ''] : []),
    ...(reportUrl === undefined ? [] : [`[The whole report](${linkTarget(reportUrl)})`, '']),
    ...shown.flatMap((one) => folded(one, detail.rows, several)),
    `<sub>${sentence(errorSentence(first!))} ${capital(allowanceOf(first!.budget))} used: the change to the worse as a share of its margin. Paceline ${name(first!.paceline)}, ${name(first!.createdAt)}.</sub>`,
  ];
  return `${lines.join('\n')}\n`;
}

function verdictLines(document: ComparisonDocument): readonly string[] {
  const { reasons } = document.verdict;
  const shown = reasons.slice(0, MOST_REASONS).map((reason) => `- ${sentence(reason)}`);
  const left = reasons.length - shown.length;
  return [
    `**${sentence(verdictSentence(document))}**`,
    '',
    ...shown,
    ...(left > 0 ? [`- and ${left} more`] : []),
    ...refusedAdvice(document).map((text) => `- ${sentence(text)}`),
    ...historyLines(document.history ?? []).map((text) => `- ${sentence(text)}`),
    '',
  ];
}

type Row = readonly string[];

/** `figures`: the columns, from 0, that are aligned to the right. Cells are Markdown. */
function tableOf(
  heads: Row,
  rows: readonly Row[],
  figures: readonly number[],
  left: number,
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, at) => (figures.includes(at) ? '---:' : '---'));
  return [line(heads), line(rule), ...rows.map(line), '', ...(left > 0 ? [`and ${left} more.`, ''] : [])];
}

const FIGURES = [2, 3, 4];

const cellsOf = (one: Change): Row => [
  MARKS[one.verdict],
  [one.variant, one.label]
    .filter((text) => text !== '')
    .map(name)
    .join(': '),
  keepUnits(valueText(one, one.base)),
  keepUnits(valueText(one, one.candidate)),
  one.ciLow === null ? changeText(one, one.change) : `${changeText(one, one.change)} ${intervalText(one)}`,
];

/** What a change to the worse uses up. */
const allowanceOf = (budget: string | undefined): string => (budget === undefined ? 'margin' : 'budget');

function headlineTable({ changes, budget }: ComparisonDocument, most: number): readonly string[] {
  const headlines = changes.filter(({ isHeadline }) => isHeadline);
  const rows = headlines.slice(0, most).map((one) => [...cellsOf(one), budgetUsed(one), repetitionsOf(one)]);
  const heads = [
    '',
    'headline metric',
    'base',
    'candidate',
    'change',
    `${allowanceOf(budget)} used`,
    'repetitions',
  ];
  return tableOf(heads, rows, [...FIGURES, 5], headlines.length - rows.length);
}

/** What regressed besides the headline metrics, as paragraphs that are not folded. */
function warningLines(document: ComparisonDocument, most: number): readonly string[] {
  const lines = otherRegressionLines(document);
  const shown = lines.slice(0, most).flatMap((line) => [`⚠️ ${sentence(keepUnits(line))}`, '']);
  return lines.length > most ? [...shown, `and ${lines.length - most} more that regressed.`, ''] : shown;
}

/** Base and candidate, repetition by repetition, on one scale. */
function repetitionsOf({ pairs }: Change): string {
  const sides = [pairs.map(({ base }) => base), pairs.map(({ candidate }) => candidate)];
  return pairs.length === 0 ? '' : sparklines(sides).join(' → ');
}

function folded(document: ComparisonDocument, most: number, isNamed: boolean): readonly string[] {
  const { changes, unlike, base, candidate } = document;
  const rows = changes.slice(0, most).map((one) => [...cellsOf(one), String(one.pairs.length), one.verdict]);
  const heads = ['', 'metric', 'base', 'candidate', 'change', 'pairs', 'verdict'];
  const differences = unlike.slice(0, most).map((one) => `- ${sentence(unlikeText(one))}`);
  const left = unlike.length - differences.length;
  return [
    `<details><summary>All metrics, what differs, and how to reproduce${isNamed ? `: ${name(candidate.label)}` : ''}</summary>`,
    '',
    ...tableOf(heads, rows, [...FIGURES, 5], changes.length - rows.length),
    '**What differs between the sides**',
    '',
    ...(unlike.length === 0
      ? [
          'Machine, version of Node.js, version of Paceline, seed, profile and driver are the same on both sides.',
        ]
      : differences),
    ...(left > 0 ? [`- and ${left} more`] : []),
    '',
    '**Reproduce**',
    '',
    `Base: ${sentence(sideText(base))}, seed ${base.seed}. Candidate: ${sentence(sideText(candidate))}, seed ${candidate.seed}.`,
    '',
    ...again(document),
    '',
    '</details>',
    '',
  ];
}

/** A URL as the target of a link: no character of it can end the link. */
const linkTarget = (url: string): string =>
  url.replace(
    /[()<>\s\\`|*_[\]]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
