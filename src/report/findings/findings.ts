/** @module The findings of a result: what a reader should take away, most urgent first. */
import type { Model } from '../model.ts';
import { outlierFindings } from '../noise.ts';
import { authorizationFaults, authorizationFindings } from './authorization.ts';
import { cachingFaults, cachingFindings } from './caching.ts';
import { callFindings } from './calls.ts';
import { comparisonFindings } from './comparisons.ts';
import { driftFindings } from './drift.ts';
import { exitFindings } from './exits.ts';
import { faultFindings } from './faults.ts';
import type { Finding } from './finding.ts';
import { inspectionFindings } from './inspection.ts';
import { replayFindings } from './replay.ts';
import { resourceFindings } from './resources.ts';
import { roundFindings } from './rounds.ts';
import { runFindings } from './run.ts';
import { serverFindings } from './servers.ts';
import { sessionLookUpFindings } from './session-look-ups.ts';
import { misuseFaults, stateFindings } from './state.ts';
import { taskFindings } from './tasks.ts';
import { transportFindings } from './transports.ts';
import { warmupAnswerFindings } from './warmup-answers.ts';

export type { Finding } from './finding.ts';

/** Sentences derived from the numbers: first what restricts them (incomplete, generator-bound), then which processes ended during the run, then each variant, then comparisons. */
export function findings(model: Model): readonly Finding[] {
  return [
    ...runFindings(model),
    ...variantFindings(model),
    ...inspectionFindings(model),
    ...outlierFindings(model),
    ...driftFindings(model),
  ];
}

/** Those of the run as a whole. */
export const wholeFindings = (model: Model): readonly Finding[] => [
  ...runFindings(model),
  ...inspectionFindings(model),
  ...outlierFindings(model),
  ...driftFindings(model),
];

/** Those of the variants and their comparisons. */
export function variantFindings(model: Model): readonly Finding[] {
  return [
    ...authorizationFaults(model),
    ...misuseFaults(model),
    ...cachingFaults(model),
    ...serverFindings(model),
    ...exitFindings(model),
    ...faultFindings(model),
    ...callFindings(model),
    ...warmupAnswerFindings(model),
    ...resourceFindings(model),
    ...authorizationFindings(model),
    ...cachingFindings(model),
    ...roundFindings(model),
    ...sessionLookUpFindings(model),
    ...stateFindings(model),
    ...taskFindings(model),
    ...replayFindings(model),
    ...transportFindings(model),
    ...comparisonFindings(model),
  ];
}
