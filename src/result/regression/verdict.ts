/** @module The verdict on a whole comparison, from the changes of its headline metrics. */
import type { Change, ChangeVerdict, ComparisonDocument, Unlike } from './document.ts';
import { reasonOf } from './reasons.ts';

/** `regressed` when the headline metric of any variant did, else `undecided` when any cannot be told, else `improved` when any did. */
const FIRST: readonly ChangeVerdict[] = ['regressed', 'undecided', 'improved', 'same'];

export function verdictOf(
  changes: readonly Change[],
  unlike: readonly Unlike[],
): ComparisonDocument['verdict'] {
  const headlines = changes.filter(({ isHeadline }) => isHeadline);
  const status = FIRST.find((one) => headlines.some(({ verdict }) => verdict === one)) ?? 'undecided';
  const refused = unlike.filter(({ consequence }) => consequence === 'refused');
  const reasons = [
    ...refused.map(({ what, base, candidate }) => `${what} differs: ${base} and ${candidate}`),
    ...headlines
      .filter(({ because }) => because !== null)
      .map(
        (change) =>
          `${change.variant === '' ? '' : `${change.variant}: `}${change.label}: ${reasonOf(change)}`,
      ),
    ...(headlines.length === 0 ? ['neither side has a value of the headline metric'] : []),
  ];
  return { status, reasons: [...new Set(reasons)] };
}
