/** @module Check: a request that one instance allows and another refuses, with the same credentials. */
import type { Check, CheckContext, Finding } from '../check.ts';
import { accepted, endOf, placeOf } from '../elsewhere.ts';
import type { AuditRequest, Exchange } from '../exchange.ts';
import { subjectOf } from '../exchange.ts';

/** Resources that are read at most. */
const MOST_RESOURCES = 10;

/** Requests that need nothing made before: a list, resources, and tools without handles. */
function requestsOf({ survey, flows, requestOf }: CheckContext): readonly AuditRequest[] {
  return [
    { method: 'tools/list' },
    ...survey.resources
      .slice(0, MOST_RESOURCES)
      .map((uri) => ({ method: 'resources/read', name: uri, params: { uri } })),
    ...flows.filter(({ steps }) => steps.length === 1).map(({ steps }) => requestOf(steps[0]!, new Map())),
  ];
}

/** HTTP 401 or 403. Source: MCP 2026-07-28, Authorization, Error Handling. */
const denied = ({ answer: { outcome } }: Exchange): boolean =>
  outcome === 'unauthorized' || outcome === 'forbidden';

/** An exchange that was allowed and one that was denied, each twice. */
async function decidedOtherwise(
  context: CheckContext,
  identity: number,
  request: AuditRequest,
): Promise<readonly [Exchange, Exchange] | undefined> {
  const exchanges: Exchange[] = [];
  for (const place of context.places.all) exchanges.push(await context.client(identity).ask(request, place));
  const [allows, denies] = [exchanges.find(accepted), exchanges.find(denied)];
  if (allows === undefined || denies === undefined) return undefined;
  const again = async ({ sentTo }: Exchange): Promise<Exchange> =>
    context.client(identity).ask(request, sentTo);
  return accepted(await again(allows)) && denied(await again(denies)) ? [allows, denies] : undefined;
}

export const authorizationDiffersByInstance: Check = {
  name: 'authorization-differs-by-instance',
  title: 'Instances decide differently who may do what',
  severity: 'bad',
  fix: 'let all instances check tokens with the same keys, rights and revocations, and bring changes to all of them at once',
  notApplicable: ({ pinned }) => (pinned ? undefined : 'not-pinned'),
  async run(context) {
    const findings = new Map<string, Finding>();
    for (const [identity, name] of context.survey.identities.entries()) {
      for (const request of requestsOf(context)) {
        const subject = subjectOf(request);
        if (findings.has(subject)) continue;
        const evidence = await decidedOtherwise(context, identity, request);
        if (evidence === undefined) continue;
        const [allows, denies] = evidence;
        const seen = `for ${name}, ${placeOf(allows)} answered with ${endOf(allows)}, ${placeOf(denies)} with ${endOf(denies)}`;
        findings.set(subject, { subject, seen, evidence });
      }
    }
    return [...findings.values()];
  },
};
