/** @module The ways in which the check was measured, side by side: what each sees, and its figures. */
import { checked } from '../../authorization/authorized.ts';
import { ESTIMATORS, MISSING } from '../../authorization/estimators.ts';
import type { Model } from '../../model.ts';
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
        micros(one.p50Us),
        micros(one.p99Us),
        microsInterval(one.lowUs, one.highUs),
        noteOf(one, auth.disagreements),
      ]),
    ),
  };
}

type Auth = ReturnType<typeof checked>[number]['auth'];

function noteOf({ name, missing }: Auth['estimates'][number], disagreements: Auth['disagreements']): string {
  if (missing !== null) return `not available: ${MISSING[missing]}`;
  const others = disagreements.flatMap(({ a, b }) => (a === name ? [b] : b === name ? [a] : []));
  if (others.length === 0) return '';
  return `disagrees with ${others.map((other) => ESTIMATORS[other].name).join(', ')}`;
}

export const estimates: AuthorizationTable = {
  title: 'What the check costs, measured in several ways',
  note: 'Microseconds per call. The ways see different things, so they need not agree; docs/auth.md says what each sees and does not see.',
  table,
};
