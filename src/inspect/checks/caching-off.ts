/** @module `ttlMs` 0 on every cacheable result: no client keeps anything. */
import { hintedIn, ttlForm } from '../hints.ts';
import type { Check } from './check.ts';

export const cachingOff: Check = (seen) => {
  const all = hintedIn(seen);
  if (all.length === 0 || all.some(({ page }) => ttlForm(page.hints.ttlMs) !== 'zero')) return [];
  const where = [...new Set(all.map(({ reading }) => reading.subject.method))].join(', ');
  return [
    {
      kind: 'caching-off',
      severity: 'warning',
      where,
      evidence: `ttlMs 0 in ${all.length === 1 ? 'the only answer' : `all ${all.length} answers`}`,
    },
  ];
};
