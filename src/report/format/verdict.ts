/** @module The verdict in words: a pass without thresholds is named as such. */
import type { ResultDocument } from '../../result/document.ts';

/** Said in place of reasons where a run passed because nothing was asked of it. */
export const NO_THRESHOLDS = 'The profile sets no thresholds, so nothing could fail.';

/** Whether the verdict is a pass only because the profile sets no thresholds. The document's status is `pass` then, too. */
export function passedUnasked({ profile, verdict: { status, checks } }: ResultDocument): boolean {
  const { thresholds } = profile;
  const isAsked = (checks ?? []).length > 0 || (Array.isArray(thresholds) && thresholds.length > 0);
  return status === 'pass' && !isAsked;
}

/** `fail`, `inconclusive`, `pass`, `pass (no thresholds were set)`. */
export function verdictText(document: ResultDocument): string {
  const { status } = document.verdict;
  return passedUnasked(document) ? `${status} (no thresholds were set)` : status;
}
