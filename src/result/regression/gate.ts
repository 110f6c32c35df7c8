/** @module The metrics that decide a verdict: the headline metrics and, unless a budget names all of them, a rise of the error rate. */
import type { Change, ComparisonDocument } from './document.ts';

/** The path of the metric that says how many calls failed. */
export const ERRORS = 'calls.errorRate';

/** Whether `change` makes the verdict of its comparison although it is no headline metric: it is certain that more calls fail. */
export function isErrorGate(
  { metric, isHeadline, verdict }: Pick<Change, 'metric' | 'isHeadline' | 'verdict'>,
  { budget }: Pick<ComparisonDocument, 'budget'>,
): boolean {
  return budget === undefined && !isHeadline && metric === ERRORS && verdict === 'regressed';
}
