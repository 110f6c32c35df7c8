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
  const ways = [...new Set(all.map(({ name }) => name))];
  const reasons = new Map<string, readonly string[]>();
  for (const way of ways) {
    for (const why of new Set(all.flatMap(({ name, missing }) => (name === way ? (missing ?? []) : [])))) {
      const of = all.filter(({ name, missing }) => name === way && missing === why);
      const key = `${variantsText(of, some.length)} (${MISSING[why]})`;
      reasons.set(key, [...(reasons.get(key) ?? []), ESTIMATORS[way].name]);
    }
  }
  if (reasons.size === 0) return [];
  const used = ways.filter((way) => all.some(({ name, missing }) => name === way && missing === null));
  const by =
    used.length === 0
      ? 'was not measured'
      : `was measured by ${list(used.map((way) => ESTIMATORS[way].name))}`;
  const absent = [...reasons].map(([where, names]) => `${list(names)}${where}`);
  const text = `The check ${by}, under ${arrivalsText(some)}. Not available: ${absent.join('; ')}.`;
  return [{ tone: 'neutral', text }];
}

/** ` of “a” and “b”`; empty when it is all of them. */
function variantsText(of: readonly { readonly one: Authorized }[], all: number): string {
  if (of.length === all) return '';
  if (of.length > MOST_NAMES) return ` of ${of.length} variants`;
  return ` of ${list(of.map(({ one }) => quoted(one.name)))}`;
}
