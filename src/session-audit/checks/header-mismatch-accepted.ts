/** @module Check: a request whose headers contradict its body, and which is served. Source: MCP 2026-07-28, Streamable HTTP, Server Validation. */
import type { Check, CheckContext, Finding } from '../check.ts';
import { accepted, placeOf } from '../elsewhere.ts';
import { type AuditRequest, subjectOf } from '../exchange.ts';

const LIST: AuditRequest = { method: 'tools/list' };

interface Mismatch {
  readonly request: AuditRequest;
  readonly header: string;
  readonly value: string;
}

/** One for each header that repeats something of the body. What the body asks for has no effects. */
function mismatches({ flows, requestOf }: CheckContext): readonly Mismatch[] {
  const flow = flows.find(({ steps }) => steps.length === 1);
  return [
    { request: LIST, header: 'Mcp-Method', value: 'prompts/list' },
    { request: { method: 'server/discover' }, header: 'MCP-Protocol-Version', value: '2025-11-25' },
    ...(flow === undefined
      ? []
      : [
          {
            request: requestOf(flow.steps[0]!, new Map()),
            header: 'Mcp-Name',
            value: 'paceline-other-tool',
          },
        ]),
  ];
}

export const headerMismatchAccepted: Check = {
  name: 'header-mismatch-accepted',
  title: 'Headers that contradict the body are accepted',
  severity: 'bad',
  fix: 'compare MCP-Protocol-Version, Mcp-Method and Mcp-Name with the body and answer 400 with -32020 when they differ: balancers route and check by the headers (MCP 2026-07-28, Streamable HTTP, Server Validation)',
  notApplicable: ({ era }) => (era === 'stateless' ? undefined : 'other-era'),
  async run(context) {
    const { home } = context.places.orders[0]!;
    const findings: Finding[] = [];
    for (const { request, header, value } of mismatches(context)) {
      const right = await context.client().ask(request, home);
      const wrong = await context.client().ask({ ...request, headers: { [header]: value } }, home);
      if (!accepted(right)) context.skip(subjectOf(request), 'no-success');
      if (!accepted(right) || !accepted(wrong)) continue;
      const seen = `${placeOf(wrong)} served a request whose ${header} is ${value}, which its body contradicts`;
      findings.push({ subject: subjectOf(request), seen, evidence: [right, wrong] });
    }
    return findings;
  },
};
