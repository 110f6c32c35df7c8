/** @module Asks in a session behind a balancer that takes turns, until the instance that knows the session answers. */
import type { Client } from './client.ts';
import type { AuditRequest, Exchange, Place } from './exchange.ts';

/** As many turns as there are instances in most fleets. A request that is refused has had no effect. */
const ATTEMPTS = 16;

/**
 * Asks once, and again as long as the answer is that the session is not known there. An instance that is asked at its own address is asked
 * once only. When it never answers in the session, the last refusal.
 */
export async function askInSession(
  client: Pick<Client, 'ask'>,
  request: AuditRequest,
  place: Place,
): Promise<Exchange> {
  let exchange = await client.ask(request, place);
  for (let attempt = 1; attempt < ATTEMPTS && isLost(exchange) && place.kind === 'connection'; attempt += 1)
    exchange = await client.ask(request, place);
  return exchange;
}

/** Whether the session of the request is not known where it was asked. */
export const isLost = ({ answer }: Exchange): boolean => answer.outcome === 'session-lost';
