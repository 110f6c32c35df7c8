/** @module What the check of each variant costs, and what not checking costs, in one row: for a terminal. */
import { authorized, checkTime } from '../../authorization/authorized.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { micros } from './section.ts';
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
    rows: authorized(model).map((one) => [
      one.name,
      micros(checkTime(one)?.p50Us),
      micros(checkTime(one)?.p99Us),
      micros(one.auth.added?.p50Us),
      count(one.auth.decisions.wrongAllow),
      count(one.auth.decisions.wrongDeny),
      windowCell(
        one.auth.staleWindowUs,
        one.auth.events.some(({ open }) => open),
      ),
      micros(one.auth.staleAllowed),
    ]),
  };
}
