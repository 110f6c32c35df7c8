/** @module The verdict on a whole comparison, from the changes of its headline metrics. */
import type { Change, ChangeVerdict, ComparisonDocument, Unlike } from './document.ts';

/** `regressed` when the headline metric of any variant did, else `undecided` when any cannot be told, else `improved` when any did. */
const FIRST: readonly ChangeVerdict[] = ['regressed', 'undecided', 'improved', 'same'];

const REASONS: Readonly<Record<NonNullable<Change['because']>, string>> = {
  'too-few-repetitions': 'fewer than 3 repetitions ran to the end on both sides',
  'no-samples': 'a repetition has no value of it',
  'one-side-only': 'it was measured on one side only',
  'generator-bound': 'the generator was the bottleneck in a repetition',
  'unlike-failures': 'the better side failed more calls, and failed calls may be answered fast',
  'nothing-worked': 'on one side, not one call ended ok',
  'unlike-sides': 'the sides cannot be compared',
  'wide-interval': 'the interval allows more than one answer',
};

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
        ({ variant, label, because }) =>
          `${variant === '' ? '' : `${variant}: `}${label}: ${REASONS[because!]}`,
      ),
    ...(headlines.length === 0 ? ['neither side has a value of the headline metric'] : []),
  ];
  return { status, reasons: [...new Set(reasons)] };
}
