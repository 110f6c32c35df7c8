/** @module Check: a session that only the instance that opened it can serve. */
import { type Check, type CheckContext, type Finding, firstFinding } from '../check.ts';
import { placeOf, refused } from '../elsewhere.ts';
import { type AuditRequest, type Exchange, succeeded } from '../exchange.ts';
import type { Order } from '../places.ts';

const LIST: AuditRequest = { method: 'tools/list' };

/** Opens a session at one place, asks there, and then asks the same in that session at the others. */
async function lostElsewhere(context: CheckContext, { home, others }: Order): Promise<Finding | undefined> {
  const client = context.client();
  const here = await client.ask(LIST, home);
  if (!succeeded(here) || !here.inSession) {
    context.skip(LIST.method, succeeded(here) ? 'nothing-to-ask' : 'no-success');
    return undefined;
  }
  for (const place of others) {
    const there = await client.ask(LIST, place);
    if (refused(there)) return { subject: LIST.method, seen: seenIn(here, there), evidence: [here, there] };
  }
  return undefined;
}

/** Requests in one session behind a balancer: as many turns as there are, and more than there are instances in most fleets. */
const ATTEMPTS = 16;

/**
 * Opens a session through the endpoint and asks in it over new connections, until the instance that opened it has answered and another one
 * has refused. The answers name their instances: the number of requests before does not matter, so no order of turns can hide the fault.
 */
async function lostBehind(context: CheckContext): Promise<Finding | undefined> {
  const client = context.client();
  let here: Exchange | undefined;
  let there: Exchange | undefined;
  const others = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const exchange = await client.ask(LIST, context.places.spread(attempt));
    const opener = client.opened?.servedBy;
    if (!exchange.inSession) {
      context.skip(LIST.method, succeeded(exchange) ? 'nothing-to-ask' : 'no-success');
      return undefined;
    }
    if (exchange.servedBy !== undefined && exchange.servedBy !== opener) others.add(exchange.servedBy);
    if (succeeded(exchange)) here ??= exchange;
    else if (refused(exchange) && (opener === undefined || exchange.servedBy !== opener)) there ??= exchange;
    if (here !== undefined && there !== undefined)
      return { subject: LIST.method, seen: seenBehind(here, there), evidence: [here, there] };
  }
  if (here === undefined) context.skip(LIST.method, 'no-success');
  else if (client.opened?.servedBy === undefined) context.skip(LIST.method, 'not-told-apart');
  else if (others.size === 0) context.skip(LIST.method, 'same-instance');
  return undefined;
}

const seenBehind = (here: Exchange, there: Exchange): string =>
  `one session is known at ${placeOf(here)} and not at ${placeOf(there)}`;

const seenIn = (here: Exchange, there: Exchange): string =>
  `a session that was opened at ${here.servedBy ?? here.sentTo.name} is not known at ${there.servedBy ?? there.sentTo.name}`;

export const needsSession: Check = {
  name: 'needs-session',
  title: 'Sessions are kept in one instance',
  severity: 'bad',
  fix: 'keep sessions in a store that all instances share, route by Mcp-Session-Id, or move to MCP 2026-07-28, which has no sessions',
  nothingToAsk: 'the server gave out no session id',
  notApplicable: ({ era }) => (era === 'sessions' ? undefined : 'other-era'),
  async run(context) {
    const { pinned, orders } = context.places;
    const finding = pinned
      ? await firstFinding(orders, (order) => lostElsewhere(context, order))
      : await lostBehind(context);
    return finding === undefined ? [] : [finding];
  },
};
