/** @module A long `ttlMs` of a list whose changes the server does not announce. */
import type { Millis } from '../../units/time.ts';
import { asObject } from '../answer.ts';
import { hintedIn, shownHint } from '../hints.ts';
import { grouped } from '../seen.ts';
import type { Check } from './check.ts';

/** A list may be out of date for longer than anyone waits for a new tool. */
const LONG: Millis = 300_000;

/** The capability, and its member, that announce changes of a list. */
const ANNOUNCED_BY: Readonly<Record<string, string>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resources',
};

export const noListChanged: Check = (seen) => {
  const { capabilities } = seen;
  if (capabilities === undefined) return [];
  return [...grouped(hintedIn(seen), ({ where }) => where)].flatMap(([where, all]) => {
    const capability = ANNOUNCED_BY[where];
    if (capability === undefined || asObject(capabilities[capability])['listChanged'] === true) return [];
    const ttlMs = Math.max(...all.map(({ page }) => Number(page.hints.ttlMs)));
    if (!(ttlMs > LONG)) return [];
    const evidence = `ttlMs ${shownHint(ttlMs)}, ${capability}.listChanged is not announced`;
    return [{ kind: 'no-list-changed', severity: 'info', where, evidence }];
  });
};
