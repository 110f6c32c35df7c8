/** @module The end of a run on a terminal: an aligned table, the findings, the verdict; no colour, no control characters. */
import { findings } from '../findings/findings.ts';
import type { Model } from '../model.ts';
import { faultTable } from '../table/faults.ts';
import { headlineTable, type TextTable } from '../table/headline.ts';
import { inLines, plain, shortenAll } from '../wording.ts';
import { columns } from './columns.ts';
import { verdictText } from './verdict.ts';

const LONGEST_NAME = 40;
const LINE = 100;
const MARKS = { good: '+', bad: '-', warning: '!', neutral: '*' } as const;

/** All lines but the first are indented by two. */
const wrapped = (text: string): string => inLines(text, LINE - 2).join('\n  ');

/** An aligned table with an empty line after it; nothing without rows. */
function tableOf({ heads, rows }: TextTable): readonly string[] {
  if (rows.length === 0) return [];
  const names = shortened(rows.map((row) => row[0]!));
  return [...columns([heads, ...rows.map((row, at) => [names[at]!, ...row.slice(1)])]), ''];
}

/** Different names stay different; a name may head several rows. */
function shortened(names: readonly string[]): readonly string[] {
  const unique = [...new Set(names)];
  const short = shortenAll(unique, LONGEST_NAME);
  return names.map((name) => short[unique.indexOf(name)]!);
}

/** Several lines without a closing line break. Names and details in it are printable whatever a server sent. */
export function headline(model: Model): string {
  const { document } = model;
  const table = [...tableOf(headlineTable(model)), ...tableOf(faultTable(model))];
  const { reasons } = document.verdict;
  const said = findings(model).map(({ tone, text }) => wrapped(`${MARKS[tone]} ${plain(text)}`));
  const verdict = [
    `verdict: ${verdictText(document)}`,
    ...reasons.map((reason) => `  ${wrapped(plain(reason))}`),
  ];
  return [...table, ...said, '', ...verdict].join('\n');
}
