/** @module The findings of a document: what a reader should take away, most urgent first. */
import type { ResultDocument } from '../../result/document.ts';
import { measuredOf } from '../measured.ts';
import { callFindings } from './calls.ts';
import { comparisonFindings } from './comparisons.ts';
import { exitFindings } from './exits.ts';
import { faultFindings } from './faults.ts';
import type { Finding } from './finding.ts';
import { runFindings } from './run.ts';

export type { Finding } from './finding.ts';

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
