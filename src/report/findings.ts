/** @module The findings of a document: what a reader should take away, most urgent first. */
import type { ResultDocument } from '../result/document.ts';
import { callFindings } from './findings/calls.ts';
import { comparisonFindings } from './findings/comparisons.ts';
import { exitFindings } from './findings/exits.ts';
import { faultFindings } from './findings/faults.ts';
import type { Finding } from './findings/finding.ts';
import { runFindings } from './findings/run.ts';
import { measuredOf } from './measured.ts';

export type { Finding } from './findings/finding.ts';

/** Sentences derived from the numbers: first what restricts them (incomplete, generator-bound), then which processes ended during the run, then each variant, then comparisons. */
export function findings(document: ResultDocument): readonly Finding[] {
  return [
    ...runFindings(document),
    ...exitFindings(document),
    ...faultFindings(document),
    ...callFindings(measuredOf(document)),
    ...comparisonFindings(document),
  ];
}
