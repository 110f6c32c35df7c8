/** @module Why a change is undecided, and how many more repetitions it would take. */
import type { Change } from '../../result/regression/document.ts';
import { reasonOf } from '../../result/regression/reasons.ts';
import { plural } from '../wording.ts';

/** A clause; of a decided change an empty one. */
export const reasonText = (change: Change): string =>
  change.because === 'wide-interval' ? `${reasonOf(change)}; ${moreNeeded(change)}` : reasonOf(change);

/** What it would take to decide an open change, as a clause. */
export function moreNeeded({ pairsNeeded }: Pick<Change, 'pairsNeeded'>): string {
  return pairsNeeded === null
    ? 'no reasonable number of repetitions would decide it, as the change is close to the margin'
    : `about ${plural(pairsNeeded, 'more repetition')} on each side would decide it`;
}
