/** @module Estimates of the same check that disagree, and why they likely do. */

import type { AuthEstimate, AuthFigures, DisagreementCause } from '../measure/auth-figures.ts';
import type { Interval } from '../statistics/mean.ts';

/** Estimators of the same quantity, of which two should agree. */
const COMPARABLE = ['header', 'paired', 'cpu', 'refusals'] as const;
type Comparable = (typeof COMPARABLE)[number];

/**
 * Pairs whose intervals do not meet, and the likely cause; `asksAuthority`: instances asked the authorization server; `headerMean`: the
 * interval of the mean of the header's times, which processor time is compared with, as that is a mean. What the first
 * call with a token takes longer is another quantity, and takes no part.
 */
export function disagreementsOf(
  estimates: readonly AuthEstimate[],
  asksAuthority: boolean,
  headerMean?: Interval,
): AuthFigures['disagreements'] {
  const known = COMPARABLE.flatMap((name) => {
    const { lowUs = null, highUs = null } = estimates.find((one) => one.name === name) ?? {};
    return lowUs === null || highUs === null ? [] : [{ name, lowUs, highUs }];
  });
  return known.flatMap((a, place) =>
    known.slice(place + 1).flatMap((b) => {
      if (b.name === 'cpu' && a.name === 'header' && headerMean !== undefined && meets(headerMean, b))
        return [];
      if (a.highUs >= b.lowUs && b.highUs >= a.lowUs) return [];
      const [lower, higher] = a.highUs < b.lowUs ? [a, b] : [b, a];
      // The time of refusals is a bound from above: what is lower is within it.
      if (higher.name === 'refusals') return [];
      return [{ a: a.name, b: b.name, cause: causeOf(lower.name, higher.name, asksAuthority) }];
    }),
  );
}

const meets = ({ low, high }: Interval, b: { readonly lowUs: number; readonly highUs: number }): boolean =>
  high >= b.lowUs && b.highUs >= low;

function causeOf(lower: Comparable, higher: Comparable, asksAuthority: boolean): DisagreementCause {
  switch (lower) {
    case 'refusals':
      return 'refused-early';
    case 'cpu':
      return asksAuthority ? 'waits-for-authority' : 'queueing';
    case 'header':
      return higher === 'cpu' ? 'untimed-work' : 'queueing';
    case 'paired':
      return higher === 'cpu' ? 'work-beside' : 'overlap';
  }
}
