/** @module Check: answers of the stateless era with an `Mcp-Session-Id`. Source: MCP 2026-07-28, Streamable HTTP, Earlier Streamable HTTP Revisions. */
import type { Check } from '../check.ts';
import { placeOf } from '../elsewhere.ts';
import type { AuditRequest } from '../exchange.ts';

const LIST: AuditRequest = { method: 'tools/list' };

export const sessionIdMinted: Check = {
  name: 'session-id-minted',
  title: 'Answers still carry an Mcp-Session-Id',
  severity: 'warning',
  fix: 'do not send Mcp-Session-Id to requests of 2026-07-28: the revision has no sessions, and balancers that see the header may pin clients to an instance',
  notApplicable: ({ era }) => (era === 'stateless' ? undefined : 'other-era'),
  async run(context) {
    const { home } = context.places.orders[0]!;
    const first = await context.client().ask(LIST, home);
    const second = await context.client().ask(LIST, home);
    if (first.answer.sessionId === undefined || second.answer.sessionId === undefined) return [];
    const seen = `${placeOf(first)} sent an Mcp-Session-Id with its answers to two clients that have no session`;
    return [{ subject: LIST.method, seen, evidence: [first, second] }];
  },
};
