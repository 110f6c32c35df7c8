/** @module How calls were decided, against what they should have got. */
import { checked } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import type { AuthorizationTable } from './section.ts';

const COLUMNS = [
  ['allowed', 'allowed'],
  ['refused', 'denied'],
  ['wrongly allowed', 'wrongAllow'],
  ['wrongly refused', 'wrongDeny'],
  ['wrong status', 'wrongStatus'],
  ['decided unlike others', 'disagreeing'],
  ['expired in use', 'expiredInUse'],
] as const;

function table(model: Model): TextTable {
  return {
    heads: ['variant', ...COLUMNS.map(([head]) => head)],
    rows: checked(model).map(({ name, auth }) => [
      name,
      ...COLUMNS.map(([, key]) => count(auth.decisions[key])),
    ]),
  };
}

export const decisions: AuthorizationTable = {
  title: 'Decisions',
  note: 'Calls by what they got, against what the identity, the tool and the token at the time of sending should have got; calls sent within auth.grace of a change of rights are not judged. Wrong status: 401 where 403 is due, or the reverse. Decided unlike others: otherwise than most instances did for the same identity and call. Expired in use: refused because a token had expired and nothing renewed it, which is no fault of the server.',
  table,
};
