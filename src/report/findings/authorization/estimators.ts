/** @module Findings about the ways in which the check was measured: which disagree, and which could not be used. */
import type { AuthEstimate } from '../../../result/measure/auth-figures.ts';
import { formatMicros } from '../../../units/time.ts';
import { type Authorized, arrivalsText, checked } from '../../authorization/authorized.ts';
import { ESTIMATORS, MISSING } from '../../authorization/estimators.ts';
import type { Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** More would bury the other findings; the table has them all. */
const MOST_SENTENCES = 4;

export function estimatorFindings(model: Model): readonly Finding[] {
  const some = checked(model);
  return [...some.flatMap(disagreementsOf).slice(0, MOST_SENTENCES), ...missingOf(some)];
}

/** Two ways whose intervals do not meet, and what each of them measures. */
function disagreementsOf(one: Authorized): readonly Finding[] {
  const { estimates, disagreements } = one.auth;
  return disagreements.flatMap(({ a, b }): readonly Finding[] => {
    const sides = [a, b].flatMap((name) => estimates.find((each) => each.name === name) ?? []);
    if (sides.length < 2) return [];
    const said = sides.map(
      (side) => `${ESTIMATORS[side.name].name}, ${statedOf(side)}, sees ${ESTIMATORS[side.name].sees}`,
    );
    const text = `${quoted(one.name)}: two ways to measure the check disagree beyond their intervals, under ${arrivalsText([one])}: ${said.join('; ')}.`;
    return [{ tone: 'warning', text }];
  });
}

function statedOf({ p50Us, lowUs, highUs }: AuthEstimate): string {
  const value = p50Us === null ? 'no median' : formatMicros(p50Us);
  return lowUs === null || highUs === null
    ? value
    : `${value} (${formatMicros(lowUs)} to ${formatMicros(highUs)})`;
}

/** Which ways could not be used and which were, in one sentence for all variants of which the same is true. */
function missingOf(some: readonly Authorized[]): readonly Finding[] {
  const groups = new Map<string, readonly Authorized[]>();
  for (const one of some) {
    const key = one.auth.estimates.map(({ name, missing }) => `${name} ${missing}`).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group): readonly Finding[] => {
    const { estimates } = group[0]!.auth;
    const absent = estimates.flatMap(({ name, missing }) =>
      missing === null ? [] : [`${ESTIMATORS[name].name} (${MISSING[missing]})`],
    );
    if (absent.length === 0) return [];
    const used = estimates.filter(({ missing }) => missing === null);
    const by =
      used.length === 0
        ? 'was not measured'
        : `was measured by ${list(used.map(({ name }) => ESTIMATORS[name].name))}`;
    const names = group.length === some.length ? '' : ` of ${list(group.map(({ name }) => quoted(name)))}`;
    const text = `The check${names} ${by}, under ${arrivalsText(group)}. Not available: ${absent.join('; ')}.`;
    return [{ tone: 'neutral', text }];
  });
}
