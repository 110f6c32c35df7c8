/** @module Check: answers that set cookies, by which later requests can be tied to an instance. */
import type { Check } from '../check.ts';
import { placeOf } from '../elsewhere.ts';
import type { AuditRequest } from '../exchange.ts';

const LIST: AuditRequest = { method: 'tools/list' };

export const setsCookie: Check = {
  name: 'sets-cookie',
  title: 'The server sets a cookie',
  severity: 'warning',
  fix: 'set no cookie: MCP clients need not keep it, and what depends on it is a hidden session. Turn off cookies of frameworks and of balancers in front',
  notApplicable: () => undefined,
  async run(context) {
    const { home } = context.places.orders[0]!;
    const first = await context.client().ask(LIST, home);
    const second = await context.client().ask(LIST, home);
    if (!first.answer.setsCookies || !second.answer.setsCookies) return [];
    const seen = `${placeOf(first)} set a cookie in its first answers on two new connections`;
    return [{ subject: LIST.method, seen, evidence: [first, second] }];
  },
};
