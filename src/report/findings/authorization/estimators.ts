/** @module Findings about the ways in which the check was measured: which disagree, and which could not be used. */
import type { AuthEstimate } from '../../../result/measure/auth-figures.ts';
import { formatMicros } from '../../../units/time.ts';
import { type Authorized, arrivalsText, checked } from '../../authorization/authorized.ts';
import { CAUSES, ESTIMATORS, MISSING } from '../../authorization/estimators.ts';
import type { Model } from '../../model.ts';
import { list } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** More would bury the other findings; the table has them all. */
const MOST_SENTENCES = 4;
const MOST_NAMES = 3;

export function estimatorFindings(model: Model): readonly Finding[] {
  const some = checked(model);
  return [...some.flatMap(disagreementsOf).slice(0, MOST_SENTENCES), ...missingOf(some)];
}

/** Two ways whose intervals do not meet, and what each of them measures. */
function disagreementsOf(one: Authorized): readonly Finding[] {
  const { estimates, disagreements } = one.auth;
  return disagreements.flatMap(({ a, b, cause }): readonly Finding[] => {
    const sides = [a, b].flatMap((name) => estimates.find((each) => each.name === name) ?? []);
    if (sides.length < 2) return [];
    const said = sides.map(
      (side) => `${ESTIMATORS[side.name].name}, ${statedOf(side)}, sees ${ESTIMATORS[side.name].sees}`,
    );
    const text = `${quoted(one.name)}: two ways to measure the check disagree beyond their intervals, under ${arrivalsText([one])}: ${said.join('; ')}. Likely cause: ${CAUSES[cause]}.`;
    return [{ tone: 'warning', text }];
  });
}

function statedOf({ p50Us, lowUs, highUs }: AuthEstimate): string {
  const value = p50Us === null ? 'no median' : formatMicros(p50Us);
  return lowUs === null || highUs === null
    ? value
    : `${value} (${formatMicros(lowUs)} to ${formatMicros(highUs)})`;
}

/** Which ways could not be used, for which variants and why, and which were: one sentence for all. */
function missingOf(some: readonly Authorized[]): readonly Finding[] {
  const all = some.flatMap((one) => one.auth.estimates.map((estimate) => ({ one, ...estimate })));
  const absent = new Map<string, typeof all>();
  for (const each of all.filter(({ missing }) => missing !== null)) {
    const key = `${each.name} ${each.missing}`;
    absent.set(key, [...(absent.get(key) ?? []), each]);
  }
  if (absent.size === 0) return [];
  const reasons = [...absent.values()].map((of) => reasonOf(of, some.length));
  const used = [
    ...new Set(all.filter(({ missing }) => missing === null).map(({ name }) => ESTIMATORS[name].name)),
  ];
  const by = used.length === 0 ? 'was not measured' : `was measured by ${list(used)}`;
  const text = `The check ${by}, under ${arrivalsText(some)}. Not available: ${reasons.join('; ')}.`;
  return [{ tone: 'neutral', text }];
}

/** `the time of refused calls (no call was refused)`, with the variants where it is not all of them. */
function reasonOf(of: readonly (AuthEstimate & { readonly one: Authorized })[], variants: number): string {
  const { name, missing } = of[0]!;
  const names =
    of.length === variants
      ? ''
      : of.length > MOST_NAMES
        ? ` of ${of.length} variants`
        : ` of ${list(of.map(({ one }) => quoted(one.name)))}`;
  return `${ESTIMATORS[name].name}${names} (${MISSING[missing!]})`;
}
