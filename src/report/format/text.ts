/** @module The end of a run on a terminal: an aligned table, the findings, the verdict; no colour, no control characters. */
import type { Check } from '../../result/document.ts';
import { answered, NO_ANSWER, OTHER_VARIANTS } from '../findings/answers/answers.ts';
import { type Finding, findings, wholeFindings } from '../findings/findings.ts';
import type { Model } from '../model.ts';
import { noiseLine } from '../noise.ts';
import { briefEstimates } from '../table/authorization/estimates.ts';
import { overviewTable } from '../table/authorization/overview.ts';
import { overviewTable as cachingTable } from '../table/caching/overview.ts';
import { ratioTable } from '../table/comparisons.ts';
import { faultTable } from '../table/faults.ts';
import { briefFlows } from '../table/flows.ts';
import { headlineTable, type TextTable } from '../table/headline.ts';
import { noteLines } from '../table/notes.ts';
import { TASK_TABLES } from '../table/tasks.ts';
import { thresholdTable } from '../table/thresholds.ts';
import { transports } from '../table/transports.ts';
import { inLines, keepUnits, plain, shortenAll } from '../wording.ts';
import { columns } from './columns.ts';
import { type Render, single } from './rendered.ts';
import { verdictText } from './verdict.ts';

/** Letters of the names that head the rows of a table, by column. */
const LONGEST = {
  variants: [40],
  pairs: [28, 28],
  thresholds: [44, 28],
  tasks: [28],
  flows: [28, 28],
} as const;
const LINE = 100;
const MARKS = { good: '+', bad: '-', warning: '!', neutral: '*' } as const;

/** All lines but the first are indented by two. A figure and its unit stay on one line. */
const wrapped = (text: string): string =>
  inLines(keepUnits(text), LINE - 2)
    .join('\n  ')
    .replaceAll('\u00a0', ' ');

/** An aligned table with an empty line after it; nothing without rows. The first columns hold names of at most `longest` letters, the others figures. */
function tableOf(
  { heads, rows }: TextTable,
  longest: readonly number[] = LONGEST.variants,
): readonly string[] {
  if (rows.length === 0) return [];
  const short = longest.map((letters, at) =>
    shortened(
      rows.map((row) => row[at]!),
      letters,
    ),
  );
  const cut = rows.map((row, line) => row.map((cell, at) => short[at]?.[line] ?? cell));
  return [...columns([heads, ...cut], [...short.keys()]), ''];
}

/** Different names stay different; a name may head several rows. */
function shortened(names: readonly string[], longest: number): readonly string[] {
  const unique = [...new Set(names)];
  const short = shortenAll(unique, longest);
  return names.map((name) => short[unique.indexOf(name)]!);
}

/** Several lines without a closing line break. Names and details in it are printable whatever a server sent. */
export function headline(model: Model): string {
  const { document, parts } = model;
  const shown =
    parts.length === 0
      ? [...tables(model), ...findings(model).map(findingText)]
      : [...questions(model), ...wholeFindings(model).map(findingText)];
  const noise = noiseLine(model);
  const noted = noteLines(model, 'untold').map((line) => wrapped(`! ${line}`));
  const { reasons, checks = [] } = document.verdict;
  const reasonsOf = (wanted: Check['status']): readonly string[] =>
    checks.flatMap(({ status, reason }) => (status === wanted ? (reason ?? []) : []));
  // What failed stands in the table of thresholds.
  const [listed, open] = [reasonsOf('fail'), reasonsOf('inconclusive')];
  const verdict = [
    `seed: ${document.seed}`,
    `verdict: ${verdictText(document)}`,
    ...reasons
      .filter((reason) => !listed.includes(reason))
      .map((reason) => `  ${wrapped(`${open.includes(reason) ? 'not judged: ' : ''}${plain(reason)}`)}`),
  ];
  return [
    ...shown,
    ...noted,
    ...(noise === undefined ? [] : ['', wrapped(noise)]),
    '',
    ...tableOf(thresholdTable(model), LONGEST.thresholds),
    ...verdict,
  ].join('\n');
}

function tables(model: Model): readonly string[] {
  const compared = tableOf(ratioTable(model), LONGEST.pairs);
  return [
    ...tableOf(headlineTable(model)),
    ...(compared.length > 0 ? ['ratios by repetition:', ...compared] : []),
    ...tableOf(faultTable(model)),
    ...authorization(model),
    ...caching(model),
    ...taskLines(model),
    ...connections(model),
    ...flows(model),
  ];
}

/** The answers to the questions of the profile, then for each question its tables and findings. */
function questions(model: Model): readonly string[] {
  const all = answered(model);
  const asked = all.filter(({ question }) => question !== '');
  return [
    ...asked.flatMap(({ number, question, answer }) => [
      `${number}. ${question}`,
      `  ${wrapped(answer || NO_ANSWER)}`,
    ]),
    '',
    ...all.flatMap((one) => [
      `--- ${one.question === '' ? OTHER_VARIANTS : `${one.number}. ${one.question}`}`,
      '',
      ...tables(one.model),
      ...one.findings.map(findingText),
      '',
    ]),
  ];
}

/** Cost of the check beside the cost of not checking; nothing where no caller had credentials. */
function authorization(model: Model): readonly string[] {
  const table = tableOf(overviewTable(model));
  const ways = tableOf(briefEstimates(model));
  return [
    ...(table.length === 0 ? [] : ['authorization:', ...table]),
    ...(ways.length === 0
      ? []
      : [
          'the check in us per call, measured in five ways, with 95 % intervals from three repetitions on:',
          ...ways,
        ]),
  ];
}

/** What caching saves beside how old results become; nothing where no result could be kept. */
function caching(model: Model): readonly string[] {
  const table = tableOf(cachingTable(model));
  return table.length === 0 ? [] : ['caching:', ...table];
}

/** What became of tasks, and what it took to learn it; nothing where there were none. */
function taskLines(model: Model): readonly string[] {
  return TASK_TABLES.flatMap(({ title, table }) => {
    const lines = tableOf(table(model), LONGEST.tasks);
    return lines.length === 0 ? [] : [`${title.toLowerCase()}:`, ...lines];
  });
}

/** What opening connections took; nothing where there is nothing to say of them. */
function connections(model: Model): readonly string[] {
  const table = tableOf(transports.table(model));
  return table.length === 0 ? [] : ['connections:', ...table];
}

/** What became of the flows; nothing where no mix has any. */
function flows(model: Model): readonly string[] {
  const table = tableOf(briefFlows(model), LONGEST.flows);
  return table.length === 0 ? [] : ['flows:', ...table];
}

/** What of the run has failed, as lines: nothing when all went well. */
export function failureLines(model: Model): readonly string[] {
  const { status, reasons } = model.document.verdict;
  const bad = findings(model).filter(({ tone }) => tone === 'bad');
  const isFailed = status === 'fail' || status === 'inconclusive';
  const verdict = [
    `verdict: ${verdictText(model.document)}`,
    ...reasons.map((reason) => `  ${wrapped(plain(reason))}`),
  ];
  return [...bad.map(findingText), ...(isFailed ? verdict : [])];
}

const findingText = ({ tone, text }: Finding): string => wrapped(`${MARKS[tone]} ${plain(text)}`);

/** Format `text`: the same as a file. */
export const text: Render = async (model) => single('report.txt', `${headline(model)}\n`);
