/** @module Check: features that 2026-07-28 has deprecated. Source: MCP 2026-07-28, Deprecated Features. */
import { type JsonObject, objectOf } from '../../protocol/json-object.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { flowsWith, placeOf } from '../elsewhere.ts';
import { type Exchange, succeeded } from '../exchange.ts';

/** Names of the features by the methods with which a server asks for them. */
const FEATURES: Readonly<Record<string, string>> = {
  'roots/list': 'Roots',
  'sampling/createMessage': 'Sampling',
};

/** The features that an answer with `input_required` asks for. */
function askedFor({ answer: { outcome, result } }: Exchange): readonly string[] {
  if (outcome !== 'input-required') return [];
  const methods = Object.values(objectOf(result?.['inputRequests'])).map((each) => objectOf(each)['method']);
  return methods.flatMap((method) => FEATURES[String(method)] ?? []);
}

/** What each tool asks for, with the same call of a client that declares only forms, which is how it could be without. */
async function usedByTools(context: CheckContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { tool } of context.flows) context.saw(tool);
  for (const flow of flowsWith(context, (tried) => askedFor(tried).length > 0)) {
    const client = context.client();
    const { home } = context.places.orders[0]!;
    const asked = (await context.run(flow, client, () => home)).at(-1);
    const features = asked === undefined ? [] : askedFor(asked);
    if (asked === undefined || features.length === 0) continue;
    const without = await client.ask({ ...asked.request, capabilities: ONLY_FORMS }, home);
    const seen = `${placeOf(asked)} asked the client for ${features.join(' and ')}`;
    findings.push({ subject: flow.tool, seen, evidence: [asked, without] });
  }
  return findings;
}

const ONLY_FORMS: JsonObject = { elicitation: { form: {} } };

async function loggingDeclared(context: CheckContext): Promise<readonly Finding[]> {
  const { home } = context.places.orders[0]!;
  const request = { method: 'server/discover' };
  const first = await context.client().ask(request, home);
  if (!succeeded(first)) context.skip(request.method, 'no-success');
  if (objectOf(first.answer.result?.['capabilities'])['logging'] === undefined) return [];
  const evidence = [first, await context.client().ask(request, home)] as const;
  const seen = `${placeOf(evidence[0])} declares the capability logging (Logging)`;
  return [{ subject: request.method, seen, evidence }];
}

export const deprecatedFeature: Check = {
  name: 'deprecated-feature',
  title: 'A deprecated feature is in use: Roots, Sampling or Logging',
  severity: 'info',
  fix: 'take paths as arguments instead of Roots, call a model of your own instead of Sampling, log to stderr or OpenTelemetry instead of Logging. They can be removed by the first revision on or after 2027-07-28 (MCP 2026-07-28, Deprecated Features)',
  notApplicable: ({ era }) => (era === 'stateless' ? undefined : 'other-era'),
  run: async (context) => [...(await usedByTools(context)), ...(await loggingDeclared(context))],
};
