/** @module What the check of each variant costs, and what not checking costs, in one row: for a terminal. */
import { authorized } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { micros, microsOf } from './section.ts';
import { windowCell } from './stale.ts';

/** A row per variant; none where no caller had credentials. */
export function overviewTable(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'check p50 us',
      'p99 us',
      'added p50 us',
      'wrong allows',
      'wrong denies',
      'stale ms',
      'allowed in it',
    ],
    rows: authorized(model).map(({ name, auth }) => [
      name,
      microsOf(auth.check, 'p50Us'),
      microsOf(auth.check, 'p99Us'),
      micros(auth.added?.p50Us),
      count(auth.decisions.wrongAllow),
      count(auth.decisions.wrongDeny),
      windowCell(
        auth.staleWindowUs,
        auth.events.some(({ open }) => open),
      ),
      micros(auth.staleAllowed),
    ]),
  };
}
