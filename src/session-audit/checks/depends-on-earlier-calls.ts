/** @module Check: a call that works only after another one, on the same connection or the same instance, although it refers to nothing of it. */
import { type Check, type CheckContext, type Finding, noTools } from '../check.ts';
import type { Client } from '../client.ts';
import { accepted, endOf, notOnOneInstance, placeOf, refused } from '../elsewhere.ts';
import type { Exchange, Place } from '../exchange.ts';
import type { Flow } from '../flow.ts';

/** Makes the calls of all flows one after the other; the answers to the last call of each, by tool. */
async function allAt(
  context: CheckContext,
  client: Client,
  place: Place,
): Promise<ReadonlyMap<string, Exchange>> {
  const answers = new Map<string, Exchange>();
  for (const flow of context.flows) {
    const exchanges = await context.run(flow, client, () => place);
    if (exchanges.length === flow.steps.length) answers.set(flow.tool, exchanges.at(-1)!);
  }
  return answers;
}

/** The answer to the call of `warm` after all others, and to the same call alone, on a connection of its own. `undefined` unless alone it is refused each time, and accepted after the others. */
async function refusedAlone(
  context: CheckContext,
  flow: Flow,
  { request }: Exchange,
  place: Place,
): Promise<readonly [Exchange, Exchange] | undefined> {
  // What came before may last for one call. After that, it has to be refused each time.
  await context.client().ask(request, place);
  const alone = await context.client().ask(request, place);
  if (!refused(alone) || !refused(await context.client().ask(request, place))) return undefined;
  const client = context.client();
  for (const other of context.flows)
    if (other.tool !== flow.tool) await context.run(other, client, () => place);
  await context.run({ tool: flow.tool, steps: flow.steps.slice(0, -1) }, client, () => place);
  // What the call refers to is known here: it is accepted as soon as other calls came before.
  const after = await client.ask(request, place);
  return accepted(after) ? [after, alone] : undefined;
}

export const dependsOnEarlierCalls: Check = {
  name: 'depends-on-earlier-calls',
  title: 'A call works only after another call on the same connection or instance',
  severity: 'bad',
  fix: 'let the call say by its arguments what it refers to: a server must not use earlier requests as context (MCP 2026-07-28, Statelessness)',
  nothingToAsk: 'no tool could be called',
  notApplicable: (survey) => notOnOneInstance(survey) ?? noTools(survey),
  async run(context) {
    const findings: Finding[] = [];
    const { home, others } = context.places.orders[0]!;
    const warm = await allAt(context, context.client(), home);
    // Those that may need others first, so that no call of this check comes before them where nothing was called yet.
    for (const flow of context.flows.toReversed()) {
      const answer = warm.get(flow.tool);
      if (answer === undefined || !accepted(answer)) {
        context.skip(flow.tool, 'no-success');
        continue;
      }
      for (const place of [home, ...others]) {
        const evidence = await refusedAlone(context, flow, answer, place);
        if (evidence === undefined) continue;
        const [after, alone] = evidence;
        const seen = `${placeOf(after)} answered with ${endOf(after)} after other calls, and with ${endOf(alone)} to the same call on a new connection`;
        findings.push({ subject: flow.tool, seen, evidence });
        break;
      }
    }
    return findings;
  },
};
