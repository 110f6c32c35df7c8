/** @module A comparison on a terminal, in the manner of benchstat: a row for each metric, `~` where nothing is decided. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { columns } from '../format/columns.ts';
import { NOTHING, plain, plural } from '../wording.ts';
import { changeText, intervalText, marginText, sizeText, valueText } from './change-cells.ts';
import { historyLines } from './history-lines.ts';

const HEADS = ['variant', 'metric', 'base', 'candidate', 'change', 'interval', 'pairs', 'verdict'] as const;

/** Several lines with a closing line break. */
export function comparisonText(document: ComparisonDocument): string {
  const { changes, unlike, verdict, base, candidate, geomeans } = document;
  const rows = changes.map((change) => [
    change.variant || NOTHING,
    `${change.isHeadline ? '* ' : ''}${change.label}`,
    valueText(change, change.base),
    valueText(change, change.candidate),
    change.verdict === 'undecided' ? '~' : changeText(change, change.change),
    intervalText(change),
    String(change.pairs.length),
    change.verdict,
  ]);
  const means = geomeans.map(({ label, ratio }) => [
    'geomean',
    label,
    '',
    '',
    changeText({ scale: 'ratio', unit: 'time' }, ratio),
    '',
    '',
    '',
  ]);
  const lines = [
    `base:      ${plain(base.label)}`,
    `candidate: ${plain(candidate.label)}`,
    '',
    ...columns([[...HEADS], ...rows, ...means], [0, 1]),
    '',
    ...unlike.map(
      ({ what, base: one, candidate: other, consequence }) =>
        `${consequence === 'refused' ? '-' : '!'} ${plain(`${what}: ${one} in the base, ${other} in the candidate`)}`,
    ),
    ...changes.filter(({ isHeadline }) => isHeadline).flatMap(precisionLines),
    ...historyLines(document.history ?? []),
    `* headline metric. A change below ${marginText(document)} is no change; claims about it are wrong in ${document.level * 100} % of comparisons at most, and so are those about all other metrics together.`,
    `verdict: ${verdict.status}`,
    ...verdict.reasons.map((reason) => `  ${plain(reason)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the pairs of a headline metric can show, and how many more it would take. */
function precisionLines(change: Change): readonly string[] {
  const { detectable, noise, pairs, pairsNeeded, variant, label } = change;
  if (detectable === null) return [];
  const of = variant === '' ? label : `${label} of ${plain(variant)}`;
  const more =
    pairsNeeded === 0
      ? ''
      : pairsNeeded === null
        ? '; no reasonable number of repetitions would decide it, as the change is close to the margin'
        : `; about ${plural(pairsNeeded, 'more repetition')} on each side would decide it`;
  return [
    `${of}: noise of a pair ${sizeText(change, noise)}; ${plural(pairs.length, 'pair')} find a change of ${sizeText(change, detectable)} in 80 % of comparisons${more}`,
  ];
}
