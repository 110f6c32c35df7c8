/** @module Hints on what no cache may keep: calls of tools, errors, requests for input. */
import { shownHints } from '../hints.ts';
import type { Check } from './check.ts';

export const hintNotAllowed: Check = ({ uncacheable }) => {
  const found = uncacheable
    .filter(({ hints }) => hints.ttlMs !== undefined || hints.cacheScope !== undefined)
    .map(({ where, what, hints }) => ({
      kind: 'hint-not-allowed' as const,
      severity: 'warning' as const,
      where,
      evidence: `${NAMES[what]} with ${shownHints(hints)}`,
    }));
  return found.filter(({ where }, place) => found.findIndex((each) => each.where === where) === place);
};

const NAMES = {
  result: 'a result that is not cacheable',
  error: 'an error',
  'input-required': 'a request for input',
} as const;
