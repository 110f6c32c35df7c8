/** @module What a comparison comes to, in sentences. */
import type { Change, ChangeVerdict, ComparisonDocument } from '../../result/regression/document.ts';
import { isErrorGate } from '../../result/regression/gate.ts';
import { capital, plain } from '../wording.ts';
import { changeText, intervalText, marginText, sizeText, valueText } from './change-cells.ts';
import { moreNeeded } from './reason-text.ts';

/** The verdict as a title: `Regressed`. */
export const VERDICT_TITLES: Readonly<Record<ChangeVerdict, string>> = {
  regressed: 'Regressed',
  improved: 'Improved',
  same: 'Same',
  undecided: 'Undecided',
};

/** What the verdict of the whole comparison says. */
export function verdictSentence(document: ComparisonDocument): string {
  const { status } = document.verdict;
  const { budget } = document;
  const metric = budget === undefined ? 'the headline metric' : 'a metric of the budget';
  const margin =
    budget === undefined ? `the margin of ${marginText(document)}` : `the budget ${plain(budget)} allows`;
  const headlines = document.changes.filter(({ isHeadline }) => isHeadline);
  const isOne = headlines.length < 2;
  const failing = document.changes.filter((change) => isErrorGate(change, document));
  if (failing.length > 0 && headlines.every(({ verdict }) => verdict !== 'regressed'))
    return `More calls fail: the error rate rose by more than ${sizeText(failing[0]!, failing[0]!.margin)}${failing.length === 1 || isOne ? '' : ` in ${failing.length} variants`}.`;
  const those = headlines.filter(({ verdict }) => verdict === status).length;
  const many = `${headlines.length} ${budget === undefined ? 'variants' : 'cases'}`;
  const where = isOne ? '' : ` in ${those} of ${many}`;
  switch (status) {
    case 'regressed':
      return `${capital(metric)} got worse${where} by more than ${margin}.`;
    case 'improved':
      return `${capital(metric)} got better${where} by more than ${margin}${isOne ? '' : ', and worse in none'}.`;
    case 'same':
      return `${capital(metric)} changed by less than ${margin}${isOne ? '' : ` in all ${many}`}.`;
    case 'undecided':
      return `It cannot be told${where} whether ${metric} changed by more than ${margin}.`;
  }
}

/** What a metric did: `P50 response time changed by +11.3 % [+10.1 %, +12.6 %], from 2.43 ms to 2.70 ms: regressed.` */
export function changeSentence(change: Change): string {
  const { variant, label, base, candidate, verdict, ciLow } = change;
  const what = variant === '' ? label : `${label} of “${plain(variant)}”`;
  if (base === null || candidate === null || change.change === null)
    return `${capital(what)} has no value to compare: ${verdict}.`;
  const values = `from ${valueText(change, base)} to ${valueText(change, candidate)}`;
  const interval = ciLow === null ? '' : ` ${intervalText(change)}`;
  const size = `${changeText(change, change.change)}${interval}`;
  return `${capital(what)} changed by ${size}, ${values}: ${verdict}${neededText(change)}.`;
}

/** How many more repetitions it would take, of a change whose interval is too wide. */
const neededText = (change: Change): string =>
  change.because === 'wide-interval' ? `; ${moreNeeded(change)}` : '';
