/** @module The verdict in words. */
import type { ResultDocument } from '../../result/document.ts';

/** Said in place of reasons where no thresholds were set. */
export const NO_THRESHOLDS = 'The profile sets no thresholds, so nothing could fail.';

/** `fail`, `inconclusive`, `pass`, `none (no thresholds were set)`. */
export function verdictText({ verdict: { status } }: ResultDocument): string {
  return status === 'none' ? `${status} (no thresholds were set)` : status;
}
