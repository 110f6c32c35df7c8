/** @module Cacheable results without `ttlMs` or `cacheScope`, which both must be there. */
import { counted } from '../../units/words.ts';
import { hintedIn, scopeForm, ttlForm } from '../hints.ts';
import { grouped } from '../seen.ts';
import type { Check } from './check.ts';

export const hintMissing: Check = (seen) =>
  [...grouped(hintedIn(seen), ({ where }) => where)].flatMap(([where, all]) => {
    const without = [
      { name: 'ttlMs', count: all.filter(({ page }) => ttlForm(page.hints.ttlMs) === 'absent').length },
      {
        name: 'cacheScope',
        count: all.filter(({ page }) => scopeForm(page.hints.cacheScope) === 'absent').length,
      },
    ].filter(({ count }) => count > 0);
    if (without.length === 0) return [];
    const evidence = without.map(
      ({ name, count }) => `${name} absent in ${count} of ${counted(all.length, 'answer')}`,
    );
    return [{ kind: 'hint-missing', severity: 'warning', where, evidence: evidence.join(', ') }];
  });
