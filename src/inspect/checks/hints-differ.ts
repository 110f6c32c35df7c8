/** @module Hints of one result that each instance gives alike, and another instance otherwise. */
import type { ResultAnswer } from '../answer.ts';
import { type Hinted, hintedIn, shownHints } from '../hints.ts';
import type { InspectionFinding } from '../inspection.ts';
import { grouped } from '../seen.ts';
import type { Check } from './check.ts';

export const hintsDiffer: Check = (seen) =>
  [...grouped(hintedIn(seen), ({ where }) => where)].flatMap(([where, all]) => {
    // The same page for the same identity.
    const same = grouped(all, ({ place, reading }) => `${place} ${reading.identity}`);
    return [...same.values()].flatMap((group) => differing(where, group)).slice(0, 1);
  });

function differing(where: string, group: readonly Hinted[]): readonly InspectionFinding[] {
  const pages = group.map(({ page }) => page).filter(({ instance }) => instance !== undefined);
  const [one, ...others] = [...grouped(pages, ({ instance }) => instance).values()];
  if (one === undefined || ![one, ...others].every(isSteady)) return [];
  const other = others.find(([page]) => shown(page!) !== shown(one[0]!));
  if (other === undefined) return [];
  const [a, b] = [one[0]!, other[0]!];
  const severity = a.hints.cacheScope === b.hints.cacheScope ? 'warning' : 'bad';
  const evidence = `instance ${a.instance}: ${shown(a)}; instance ${b.instance}: ${shown(b)}`;
  return [{ kind: 'hints-differ', severity, where, evidence }];
}

const shown = ({ hints }: ResultAnswer): string => shownHints(hints);

/** A `ttlMs` may count down to the next change, and then it differs from answer to answer of one instance. */
const isSteady = (pages: readonly ResultAnswer[]): boolean => new Set(pages.map(shown)).size === 1;
