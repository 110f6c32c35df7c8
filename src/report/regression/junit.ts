/** @module Comparisons as JUnit XML: a test case for each metric. What regressed failed, and what cannot be told is skipped. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { type Case, junitXml } from '../format/junit-xml.ts';
import { plain } from '../wording.ts';
import { changeText, intervalText, sizeText, valueText } from './change-cells.ts';
import { reasonText } from './reason-text.ts';

/** At least one document. */
export function comparisonJunit(documents: readonly ComparisonDocument[]): string {
  const suites = documents.map(({ base, candidate, changes }) => ({
    name: `${plain(candidate.label)} compared with ${plain(base.label)}`,
    cases: changes.map(caseOf),
  }));
  return junitXml(documents[0]?.title || 'Comparison', suites);
}

function caseOf(change: Change): Case {
  const { variant, label, isHeadline, verdict } = change;
  const name = `${variant === '' ? '' : `${plain(variant)}: `}${label}${isHeadline ? ' (headline)' : ''}`;
  return {
    name,
    failures: verdict === 'regressed' ? [regressionText(change)] : [],
    skipped: verdict === 'undecided' ? [`undecided: ${reasonText(change)}`] : [],
  };
}

/** `+12.0 % [+10.1 %, +13.9 %]: 1.12 ms instead of 1.00 ms, and a change of 5.0 % is allowed` */
export function regressionText(change: Change): string {
  const { base, candidate, margin } = change;
  const values = `${valueText(change, candidate)} instead of ${valueText(change, base)}`;
  return `${changeText(change, change.change)} ${intervalText(change)}: ${values}, and a change of ${sizeText(change, margin)} is allowed`;
}
