/** @module Lists whose pages cannot be followed to the end. */
import { MOST_PAGES } from '../read.ts';
import { bySubject, type Reading } from '../seen.ts';
import type { Check } from './check.ts';

export const pagesIncomplete: Check = ({ readings }) =>
  [...bySubject(readings)].flatMap(([where, all]) => {
    const evidence = all.map(reasonOf).find((reason) => reason !== undefined);
    return evidence === undefined ? [] : [{ kind: 'pages-incomplete', severity: 'warning', where, evidence }];
  });

function reasonOf({ pages, missing }: Reading): string | undefined {
  // Without a first page, the method is not answered at all.
  if (pages.length === 0 || missing === undefined || missing === 'time') return undefined;
  if (missing === 'too-many') return `more than ${MOST_PAGES} pages`;
  if (missing === 'repeated-cursor') return `page ${pages.length} names a cursor that was used before`;
  return `page ${pages.length + 1}: ${missing.detail}`;
}
