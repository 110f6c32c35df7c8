/** @module Results marked `public` that are not the same for two identities: a shared cache gives one what the other may see. */
import { contentOf, describeDifference, difference } from '../differences.ts';
import type { InspectionFinding } from '../inspection.ts';
import { bySubject, grouped, isWhole, type Reading, type Seen } from '../seen.ts';
import type { Check } from './check.ts';

export const publicDiffersByIdentity: Check = (seen) => {
  if (seen.era === 'sessions') return [];
  const answered = new Set(seen.readings.filter(isWhole).map(({ identity }) => identity));
  return [...bySubject(seen.readings)].flatMap(([where, readings]) => {
    const known = readings.filter(({ identity }) => answered.has(identity));
    const groups = [...grouped(known, ({ identity }) => identity).values()];
    const [one, ...others] = groups.filter((group) => difference(group, contentOf) === undefined);
    if (one === undefined) return [];
    return others.flatMap((other) => compared(where, one, other, seen)).slice(0, 1);
  });
};

function compared(
  where: string,
  some: readonly Reading[],
  others: readonly Reading[],
  { identities }: Seen,
): readonly InspectionFinding[] {
  const [one, other] = [some, others].map((group) => group.find(isWhole));
  if (![one, other].some((reading) => reading?.pages.some(({ hints }) => hints.cacheScope === 'public')))
    return [];
  const [first, second] = [some, others].map((group) => identities[group[0]!.identity]!) as [string, string];
  const found = (evidence: string): readonly InspectionFinding[] => [
    {
      kind: 'public-differs-by-identity',
      severity: 'bad',
      where,
      evidence: `cacheScope "public"; ${evidence}`,
    },
  ];
  if (one !== undefined && other !== undefined)
    return contentOf(one) === contentOf(other)
      ? []
      : found(`first ${first}, second ${second}: ${describeDifference(one, other)}`);
  const [given, refusedTo, refused] = one === undefined ? [second, first, some] : [first, second, others];
  const isRefused = refused.every(({ missing }) => typeof missing === 'object' && missing.kind !== 'none');
  return isRefused ? found(`${given} gets it, ${refusedTo} gets an error`) : [];
}
