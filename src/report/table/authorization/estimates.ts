/** @module The ways in which the check was measured, side by side: what each sees, and its figures. */
import { formatMicros } from '../../../units/time.ts';
import { checked } from '../../authorization/authorized.ts';
import { ESTIMATORS, firstCallsAheadUs, MISSING } from '../../authorization/estimators.ts';
import type { Model } from '../../model.ts';
import { NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type AuthorizationTable, micros, microsInterval } from './section.ts';

/** A row for each variant with a check and each way. */
function table(model: Model): TextTable {
  return {
    heads: ['variant', 'measured by', 'what it sees', 'p50 us', 'p99 us', '95 % interval of p50', 'note'],
    rows: checked(model).flatMap(({ name, auth }) =>
      auth.estimates.map((one) => [
        name,
        ESTIMATORS[one.name].name,
        ESTIMATORS[one.name].sees,
        ...figuresOf(one),
        noteOf(one, auth.disagreements),
      ]),
    ),
  };
}

function figuresOf(one: Auth['estimates'][number]): readonly string[] {
  if (firstCallsAheadUs(one) !== undefined) return [NOTHING, NOTHING, NOTHING];
  return [micros(one.p50Us), micros(one.p99Us), microsInterval(one.lowUs, one.highUs)];
}

/** Heads of the ways where a line has room for all of them. */
const BRIEF = {
  header: 'header',
  paired: 'with/without',
  'cold-warm': 'cold/warm',
  refusals: 'refusals',
  cpu: 'CPU',
} as const;

/** A row for each variant with a check, a column for each way: its median with the interval, or of refusals the bound. */
export function briefEstimates(model: Model): TextTable {
  const names = Object.keys(BRIEF) as (keyof typeof BRIEF)[];
  return {
    heads: ['variant', ...names.map((name) => BRIEF[name])],
    rows: checked(model).map(({ name, auth }) => [
      name,
      ...names.map((way) => briefCell(auth.estimates.find((one) => one.name === way))),
    ]),
  };
}

function briefCell(one: Auth['estimates'][number] | undefined): string {
  if (one === undefined || one.p50Us === null || firstCallsAheadUs(one) !== undefined) return NOTHING;
  if (one.name === 'refusals') return `≤ ${micros(one.p50Us)}`;
  const range = one.lowUs === null ? '' : ` ${microsInterval(one.lowUs, one.highUs)}`;
  return `${micros(one.p50Us)}${range}`;
}

type Auth = ReturnType<typeof checked>[number]['auth'];

function noteOf(one: Auth['estimates'][number], disagreements: Auth['disagreements']): string {
  const { name, missing } = one;
  const aheadUs = firstCallsAheadUs(one);
  if (aheadUs !== undefined)
    return `no saving by a cache shows: the first calls took ${formatMicros(aheadUs)} less than later ones`;
  if (missing !== null) return `not available: ${MISSING[missing]}`;
  const others = disagreements.flatMap(({ a, b }) => (a === name ? [b] : b === name ? [a] : []));
  if (others.length === 0) return isOpen(one) ? 'no difference is certain: the interval contains 0' : '';
  return `disagrees with ${others.map((other) => ESTIMATORS[other].name).join(', ')}`;
}

/** Whether first calls may as well take less than later ones. */
const isOpen = ({ name, lowUs, highUs }: Auth['estimates'][number]): boolean =>
  name === 'cold-warm' && lowUs !== null && highUs !== null && lowUs <= 0 && highUs >= 0;

export const estimates: AuthorizationTable = {
  title: 'What the check costs, measured in several ways',
  note: 'Microseconds per call. The ways see different things, so they need not agree; docs/auth.md says what each sees and does not see.',
  table,
};
