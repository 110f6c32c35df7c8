/** @module Hints that are not what they must be: a `ttlMs` that is no whole number from 0 to a day, or an unknown `cacheScope`. */
import { hintedIn, scopeForm, shownHint, ttlForm } from '../hints.ts';
import { grouped } from '../seen.ts';
import type { Check } from './check.ts';

export const hintMalformed: Check = (seen) =>
  [...grouped(hintedIn(seen), ({ where }) => where)].flatMap(([where, all]) => {
    const hints = all.map(({ page }) => page.hints);
    const ttls = hints.map(({ ttlMs }) => ttlMs);
    const wrong = [
      ...ttls.filter((ttl) => ttlForm(ttl) === 'wrong').map((ttl) => `ttlMs ${shownHint(ttl)}`),
      ...hints
        .filter(({ cacheScope }) => scopeForm(cacheScope) === 'malformed')
        .map(({ cacheScope }) => `cacheScope ${shownHint(cacheScope)}`),
    ];
    const absurd = ttls.filter((ttl) => ttlForm(ttl) === 'absurd').map((ttl) => `ttlMs ${shownHint(ttl)}`);
    return [
      ...(wrong.length > 0
        ? [{ kind: 'hint-malformed', severity: 'bad', where, evidence: listed(wrong) } as const]
        : []),
      ...(absurd.length > 0
        ? [{ kind: 'hint-malformed', severity: 'warning', where, evidence: listed(absurd) } as const]
        : []),
    ];
  });

/** Values that differ, the first three. */
const listed = (values: readonly string[]): string => [...new Set(values)].slice(0, 3).join(', ');
