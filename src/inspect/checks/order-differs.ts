/** @module The same entries in another order: lists should have a deterministic order. */
import { contentOf, difference, originOf, sequenceOf } from '../differences.ts';
import { bySubject, grouped, type Reading } from '../seen.ts';
import type { Check } from './check.ts';

export const orderDiffers: Check = ({ readings }) =>
  [...bySubject(readings)].flatMap(([where, all]) => {
    if (all[0]!.subject.method === 'resources/read') return [];
    const groups = [...grouped(all, (reading) => `${reading.identity} ${contentOf(reading)}`).values()];
    const found = groups.map((group) => difference(group, sequenceOf)).find((each) => each !== undefined);
    if (found === undefined) return [];
    const evidence = [found.one, found.other]
      .map((each) => `${originOf(each)}: ${beginning(each)}`)
      .join('; ');
    return [{ kind: 'order-differs', severity: 'warning', where, evidence }];
  });

/** Entries that are quoted. */
const QUOTED = 3;

function beginning({ pages }: Reading): string {
  const names = pages.flatMap(({ entries }) => entries.map(({ name }) => name));
  return `${names.slice(0, QUOTED).join(', ')}${names.length > QUOTED ? ' ...' : ''}`;
}
