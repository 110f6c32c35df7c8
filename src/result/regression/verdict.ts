/** @module The verdict on a whole comparison, from the changes of the metrics that decide. */
import type { Change, ChangeVerdict, ComparisonDocument, Unlike } from './document.ts';
import { isErrorGate } from './gate.ts';
import { reasonOf } from './reasons.ts';

/** `regressed` when the headline metric of any variant did, or more calls failed, else `undecided` when any cannot be told, else `improved` when any did. */
const FIRST: readonly ChangeVerdict[] = ['regressed', 'undecided', 'improved', 'same'];

export function verdictOf(
  changes: readonly Change[],
  unlike: readonly Unlike[],
  budget?: string,
): ComparisonDocument['verdict'] {
  const headlines = changes.filter(({ isHeadline }) => isHeadline);
  const failing = changes.filter((change) => isErrorGate(change, { budget }));
  const deciding = [...headlines, ...failing];
  const status = FIRST.find((one) => deciding.some(({ verdict }) => verdict === one)) ?? 'undecided';
  const refused = unlike.filter(({ consequence }) => consequence === 'refused');
  const reasons = [
    ...failing.map((change) => `${nameOf(change)}more calls fail than in the base`),
    ...refused.map(({ what, base, candidate }) => `${what} differs: ${base} and ${candidate}`),
    ...headlines
      .filter(({ because }) => because !== null)
      .map((change) => `${nameOf(change)}${change.label}: ${reasonOf(change)}`),
    ...(headlines.length === 0 ? ['neither side has a value of the headline metric'] : []),
  ];
  return { status, reasons: [...new Set(reasons)] };
}

const nameOf = ({ variant }: Change): string => (variant === '' ? '' : `${variant}: `);
