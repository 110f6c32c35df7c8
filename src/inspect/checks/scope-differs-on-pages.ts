/** @module Pages of one list with different `cacheScope`. */
import { shownHint } from '../hints.ts';
import { bySubject } from '../seen.ts';
import type { Check } from './check.ts';

export const scopeDiffersOnPages: Check = ({ era, readings }) => {
  if (era === 'sessions') return [];
  return [...bySubject(readings)].flatMap(([where, all]) => {
    for (const { pages } of all) {
      const [first] = pages;
      const place = pages.findIndex(({ hints }) => hints.cacheScope !== first?.hints.cacheScope);
      if (first === undefined || place < 0) continue;
      const [one, other] = [first, pages[place]!].map(({ hints }) => shownHint(hints.cacheScope));
      const evidence = `page 1: cacheScope ${one}; page ${place + 1}: cacheScope ${other}`;
      return [{ kind: 'scope-differs-on-pages', severity: 'bad', where, evidence }];
    }
    return [];
  });
};
