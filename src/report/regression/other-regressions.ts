/** @module Metrics that regressed although they are no headline metrics. All but a rise of the error rate decide nothing, but nobody may miss them. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { isErrorGate } from '../../result/regression/gate.ts';
import { plain, plural, shorten } from '../wording.ts';
import { changeText } from './change-cells.ts';

/** Letters of the name of a variant. */
const LONGEST_VARIANT = 40;

const otherRegressions = ({ changes }: ComparisonDocument): readonly Change[] =>
  changes.filter(({ isHeadline, verdict }) => !isHeadline && verdict === 'regressed');

/** `, not a headline metric`, of those that decide nothing. */
const weightOf = (change: Change, document: ComparisonDocument): string =>
  isErrorGate(change, document) ? '' : ', not a headline metric';

/** A line for each: `error rate regressed: +17.56 points, not a headline metric`. */
export const otherRegressionLines = (document: ComparisonDocument): readonly string[] =>
  otherRegressions(document).map((one) => {
    const of = one.variant === '' ? '' : ` of "${shorten(plain(one.variant), LONGEST_VARIANT)}"`;
    return `${one.label}${of} regressed: ${changeText(one, one.change)}${weightOf(one, document)}`;
  });

/** All of them in a sentence: `Regressed, but not a headline metric: error rate, p99 response time in 2 variants.` None without any. */
export function otherRegressionSentence(document: ComparisonDocument): readonly string[] {
  const all = otherRegressions(document);
  const failing = all.filter((one) => isErrorGate(one, document));
  return [
    ...namesSentence('More calls fail, which is a regression', failing, document),
    ...namesSentence('Regressed, but not a headline metric', without(all, failing), document),
  ];
}

const without = (all: readonly Change[], some: readonly Change[]): readonly Change[] =>
  all.filter((one) => !some.includes(one));

function namesSentence(
  said: string,
  found: readonly Change[],
  document: ComparisonDocument,
): readonly string[] {
  if (found.length === 0) return [];
  const labels = [...new Set(found.map(({ label }) => label))];
  const isOnly = new Set(document.changes.map(({ variant }) => variant)).size < 2;
  const names = labels.map((label) => {
    const variants = found.filter((one) => one.label === label).length;
    return isOnly ? label : `${label} in ${plural(variants, 'variant')}`;
  });
  return [`${said}: ${names.join(', ')}.`];
}
