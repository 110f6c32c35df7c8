/** @module Check: a `requestState` that only the instance that made it accepts. Source: MCP 2026-07-28, Multi Round-Trip Requests. */
import { retryOf } from '../capabilities.ts';
import type { Check, CheckContext } from '../check.ts';
import { bothEnds, findingsElsewhere, flowsWith, type HandedOver, placeOf } from '../elsewhere.ts';
import type { AuditRequest } from '../exchange.ts';
import type { Flow } from '../flow.ts';

/** The call again, with the answers to what the server asked for and its `requestState`. */
const retryAfter = (flow: Flow, context: CheckContext): HandedOver<AuditRequest> => ({
  async make(client, place) {
    const last = (await context.run(flow, client, () => place)).at(-1);
    const asked = last?.answer.outcome === 'input-required' ? last : undefined;
    return asked?.answer.result?.['requestState'] === undefined ? undefined : retryOf(asked);
  },
  use: (retry, client, place) => client.ask(retry, place),
});

export const requestStateUnknownElsewhere: Check = {
  name: 'request-state-unknown-elsewhere',
  title: 'A requestState is accepted only by the instance that made it',
  severity: 'bad',
  fix: 'sign requestState with a key that all instances share, and keep nothing else for the retry: it may reach any of them (MCP 2026-07-28, Multi Round-Trip Requests)',
  nothingToAsk: 'no call was answered with a requestState',
  notApplicable: ({ pinned, era }) => (era === 'sessions' ? 'other-era' : pinned ? undefined : 'not-pinned'),
  run: (context) =>
    findingsElsewhere(
      context,
      flowsWith(context, ({ answer }) => answer.outcome === 'input-required').map((flow) => ({
        subject: flow.tool,
        handed: retryAfter(flow, context),
      })),
      (here, there) => `called again with a requestState of ${placeOf(here)}, ${bothEnds(here, there)}`,
    ),
};
