/** @module The layer of the user's headers that differ from agent to agent, such as credentials: every request of the agent has them. */
import { isPerAgent, ownHeaders, type UserHeaders } from '../../profile/template/header-text.ts';
import { type HeaderFields, headerFields } from '../../protocol/header-fields.ts';
import type { Caller, Layer } from './caller.ts';

/**
 * The layers of each agent that add its own of `headers`: one, or none when all agents send the same. Throws a `UserError` for a header
 * that is not legal.
 */
export function ownHeadersLayers(headers: UserHeaders): (agent: number) => readonly Layer[] {
  const values = Object.values(headers).filter(isPerAgent);
  if (values.length === 0) return () => [];
  const fieldsOf = (agent: number): HeaderFields => headerFields(Object.entries(ownHeaders(headers, agent)));
  // Each value of a list once, so that none is found to be illegal during the load.
  const longest = Math.max(...values.map((value) => (typeof value === 'string' ? 1 : value.length)));
  for (let agent = 0; agent < longest; agent += 1) fieldsOf(agent);
  return (agent) => [ownHeadersLayer(fieldsOf(agent))];
}

/** Below the session, whose own requests have them too. */
function ownHeadersLayer(fields: HeaderFields): Layer {
  return (next): Caller => ({
    open: () => next.open(),
    send: (request, onEnd, keepBody, onMessage) =>
      next.send(request.plus(fields), onEnd, keepBody, onMessage),
    listen: (request, listener) => next.listen(request.plus(fields), listener),
    close: () => next.close(),
  });
}
