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
  ['with a token', 'secrets'],
  ['unreadable', 'unreadable'],
  ['without a trace', 'withoutTrace'],
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
  note: 'Contradicting: the record has another decision or instance than the client saw; decided elsewhere is the part of these in which another instance answered than decided. With a token: lines that hold a secret. Without a trace: records of handshakes and other requests that are no calls.',
  table,
};
