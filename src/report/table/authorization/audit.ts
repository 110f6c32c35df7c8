/** @module The audit logs against the calls that were sent. */
import { authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import type { AuthorizationTable } from './section.ts';

const COLUMNS = [
  ['records', 'records'],
  ['calls without one', 'missing'],
  ['calls with several', 'duplicate'],
  ['contradicting', 'contradicting'],
  ['decided elsewhere', 'elsewhere'],
  ['of no call', 'unknown'],
  ['unanswered but allowed', 'executedUnanswered'],
  ['beside calls', 'withoutTrace'],
  ['lines with a token', 'secrets'],
  ['lines that are no records', 'unreadable'],
] as const;

function table(model: Model): TextTable {
  return {
    heads: ['variant', ...COLUMNS.map(([head]) => head)],
    rows: authorized(model).flatMap(({ name, auth: { audit } }) =>
      audit === null ? [] : [[name, ...COLUMNS.map(([, key]) => count(audit[key]))]],
    ),
  };
}

export const audit: AuthorizationTable = {
  title: 'Audit logs',
  note: 'Records are of all calls that were sent, those of the warm-up included, so there are more than calls in the other tables. Contradicting: the record has another decision or instance than the client saw; decided elsewhere is the part of these in which another instance answered than decided. Beside calls: records of handshakes, later pages of lists, retries and other requests that are no calls of their own.',
  table,
};
