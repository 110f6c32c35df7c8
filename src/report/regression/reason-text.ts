/** @module Why a change is undecided, and how many more repetitions it would take. */
import type { Change } from '../../result/regression/document.ts';
import { REASONS } from '../../result/regression/reasons.ts';
import { plural } from '../wording.ts';

/** With fewer pairs of repetitions nothing is decided. */
const MINIMUM_PAIRS = 3;

/** A clause; of a decided change an empty one. */
export function reasonText(change: Change): string {
  const { because, pairs } = change;
  switch (because) {
    case null:
      return '';
    case 'wide-interval':
      return `${REASONS[because]}; ${moreNeeded(change)}`;
    case 'too-few-repetitions':
      return `${REASONS[because]}; at least ${plural(MINIMUM_PAIRS - Math.min(pairs.length, MINIMUM_PAIRS - 1), 'more repetition')} on each side`;
    default:
      return REASONS[because];
  }
}

/** What it would take to decide an open change, as a clause. */
export function moreNeeded({ pairsNeeded }: Pick<Change, 'pairsNeeded'>): string {
  return pairsNeeded === null
    ? 'no reasonable number of repetitions would decide it, as the change is close to the margin'
    : `about ${plural(pairsNeeded, 'more repetition')} on each side would decide it`;
}
