/** @module What a comparison says in sentences: of its headline metrics, of its sides and of what differs between them. */
import type {
  Change,
  ChangeVerdict,
  ComparisonDocument,
  Side,
  Unlike,
} from '../../result/regression/document.ts';
import { reasonOf } from '../../result/regression/reasons.ts';
import { list, NOTHING, plain, plural, shorten } from '../wording.ts';
import {
  changeText,
  intervalText,
  marginText,
  sizeText,
  sizeWithInterval,
  valueText,
} from './change-cells.ts';

/** What became of the headline metrics: one sentence of a single variant, else one for each metric and one of the largest regression. */
export function headlineSentences(document: ComparisonDocument): readonly string[] {
  const headlines = document.changes.filter(({ isHeadline }) => isHeadline);
  if (headlines.length < 2) return headlines.map((one) => sentenceOf(one, document));
  const labels = [...new Set(headlines.map(({ label }) => label))];
  return [
    ...labels.map((label) => countSentence(headlines.filter((one) => one.label === label))),
    ...worstSentence(headlines, document),
  ];
}

/** Letters of the name of a variant. */
const LONGEST_VARIANT = 80;

const variantName = ({ variant }: Change): string => shorten(plain(variant), LONGEST_VARIANT);

const SAID: readonly (readonly [ChangeVerdict, string])[] = [
  ['regressed', 'regressed'],
  ['undecided', 'is undecided'],
  ['improved', 'improved'],
  ['same', 'is the same'],
];

/** `p50 response time regressed in 2 of 4 variants ("a" and "b") and is the same in 2 ("c" and "d").` */
function countSentence(changes: readonly Change[]): string {
  const all = changes.length;
  if (all === 1)
    return `${changes[0]!.label} ${SAID.find(([verdict]) => verdict === changes[0]!.verdict)![1]}.`;
  const found = SAID.map(([verdict, said]) => ({
    said,
    names: changes.flatMap((one) => (one.verdict === verdict ? `"${variantName(one)}"` : [])),
  })).filter(({ names }) => names.length > 0);
  const clauses = found.map(({ said, names }, place) => {
    if (names.length === all) return `${said} in all ${all} variants`;
    return `${said} in ${names.length}${place === 0 ? ` of ${all} variants` : ''} (${list(names)})`;
  });
  return `${changes[0]!.label} ${list(clauses)}.`;
}

function worstSentence(headlines: readonly Change[], document: ComparisonDocument): readonly string[] {
  const size = ({ change }: Change): number => (change === null ? 0 : Math.abs(Math.log(change)));
  const regressed = headlines.filter(({ verdict, scale }) => verdict === 'regressed' && scale === 'ratio');
  if (regressed.length === 0) return [];
  const worst = regressed.reduce((one, other) => (size(other) > size(one) ? other : one));
  return [`The most in "${variantName(worst)}": ${sentenceOf(worst, document)}`];
}

/** `p50 response time regressed by 9.8 % [7.1, 12.6]: 1.10 ms instead of 1.00 ms.` */
function sentenceOf(change: Change, document: ComparisonDocument): string {
  const { label, verdict } = change;
  const values = `${valueText(change, change.candidate)} instead of ${valueText(change, change.base)}`;
  const moved = `${changeText(change, change.change)} ${intervalText(change)}`;
  switch (verdict) {
    case 'regressed':
    case 'improved':
      return `${label} ${verdict} by ${sizeWithInterval(change)}: ${values}.`;
    case 'same':
      return `${label} is the same within ${change.scale === 'ratio' && document.budget === undefined ? marginText(document) : sizeText(change, change.margin)}: ${values}, ${moved}.`;
    case 'undecided':
      return `${label} is undecided: ${reasonOf(change)}${seenText(change, values, moved)}.`;
  }
}

/** What was seen of an undecided change, in brackets. */
function seenText({ change, ciLow }: Change, values: string, moved: string): string {
  return change === null ? '' : ` (${values}${ciLow === null ? '' : `, ${moved}`})`;
}

/** `main/: 3 results, 10 repetitions, measured from 2026-11-26 11:00, revision 3f2a91c04b` */
export function sideText({ label, files, repetitions, isComplete, createdAt, revision }: Side): string {
  const parts = [
    ...(files.length > 1 ? [plural(files.length, 'result')] : []),
    `${plural(repetitions, 'repetition')}${isComplete ? '' : ', as a run was interrupted'}`,
    `measured ${files.length > 1 ? 'from ' : ''}${createdAt.slice(0, 16).replace('T', ' ')}`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
  ];
  return `${plain(label) || NOTHING}: ${parts.join(', ')}`;
}

/** Why a difference of this kind rules out a claim, as a clause. */
const REFUSALS: Readonly<Partial<Record<Unlike['kind'], string>>> = {
  machine: 'times of two machines are not comparable',
  profile: 'the sides measured different workloads',
  driver: 'each driver adds another time of its own',
};

/** `CPU: AMD EPYC in the base, Intel Xeon in the candidate; times of two machines are not comparable.` */
export function unlikeText({ kind, what, base, candidate, consequence }: Unlike): string {
  const refusal = consequence === 'refused' ? `; ${REFUSALS[kind] ?? 'the sides are not comparable'}` : '';
  return plain(`${what}: ${base} in the base, ${candidate} in the candidate${refusal}.`);
}

/** What a user can do who wants to know nevertheless; empty when nothing was refused. */
export const refusedAdvice = ({ unlike, changes }: ComparisonDocument): readonly string[] =>
  unlike.some(({ consequence }) => consequence === 'refused') &&
  changes.some(({ because }) => because === 'unlike-sides')
    ? ['Nothing is decided, as the sides are unlike. --accept-unlike judges them nevertheless.']
    : [];

/** What a claim of this comparison is worth. */
export const errorSentence = (document: ComparisonDocument): string =>
  `${marginSentence(document)} Claims about the headline ${document.budget === undefined ? 'metric' : 'metrics'} are wrong in at most ${document.level * 100} % of comparisons, and so are those about all other metrics together.`;

/** Which changes count. */
export const marginSentence = (document: ComparisonDocument): string =>
  `A change of less than ${marginText(document)} is no change${budgetClause(document)}.`;

/** `, and the budget default allows 10.0 % of successful calls per second`. */
function budgetClause({ budget, changes }: ComparisonDocument): string {
  if (budget === undefined) return '';
  const allowed = changes
    .filter(({ isHeadline }) => isHeadline)
    .map((one) => `${allowedText(one)} of ${one.label}`);
  return `; the budget ${plain(budget)} allows ${list([...new Set(allowed)])}`;
}

/** By how much it may get worse: the margin of a rate is that of its inverse. */
const allowedText = (change: Change): string =>
  sizeText(
    change,
    change.better === 'higher' && change.scale === 'ratio' ? 1 - 1 / (1 + change.margin) : change.margin,
  );
