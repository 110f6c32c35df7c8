/** @module Check: a session that only the instance that opened it can serve. */
import { type Check, type CheckContext, type Finding, firstFinding } from '../check.ts';
import { refused } from '../elsewhere.ts';
import { type AuditRequest, type Exchange, succeeded } from '../exchange.ts';
import type { Order } from '../places.ts';

const LIST: AuditRequest = { method: 'tools/list' };

/** Opens a session at one place, asks there, and then asks the same in that session at the others. */
async function lostElsewhere(context: CheckContext, { home, others }: Order): Promise<Finding | undefined> {
  const client = context.client();
  const here = await client.ask(LIST, home);
  if (!succeeded(here) || !here.inSession) return undefined;
  for (const place of others) {
    const there = await client.ask(LIST, place);
    if (refused(there)) return { subject: LIST.method, seen: seenIn(here, there), evidence: [here, there] };
  }
  return undefined;
}

const seenIn = (here: Exchange, there: Exchange): string =>
  `a session that was opened at ${here.servedBy ?? here.sentTo.name} is not known at ${there.servedBy ?? there.sentTo.name}`;

export const needsSession: Check = {
  name: 'needs-session',
  title: 'Sessions are kept in one instance',
  severity: 'bad',
  fix: 'keep sessions in a store that all instances share, route by Mcp-Session-Id, or move to MCP 2026-07-28, which has no sessions',
  notApplicable: ({ era }) => (era === 'sessions' ? undefined : 'other-era'),
  async run(context) {
    const finding = await firstFinding(context.places.orders, (order) => lostElsewhere(context, order));
    return finding === undefined ? [] : [finding];
  },
};
