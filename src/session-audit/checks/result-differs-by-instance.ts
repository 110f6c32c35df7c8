/** @module Check: a tool whose result is not the same on two instances, although the arguments are. */
import type { JsonObject } from '../../protocol/json-object.ts';
import { type Check, type CheckContext, type Finding, noTools } from '../check.ts';
import { firstDifference, varyingIn } from '../differing.ts';
import { placeOf } from '../elsewhere.ts';
import { type AuditRequest, type Exchange, succeeded } from '../exchange.ts';
import type { Flow } from '../flow.ts';
import type { Order } from '../places.ts';

/** Turns in which each of two instances is asked. A fair coin is the same for each by chance once in 512 times. */
const TURNS = 5;

/** What is compared; `_meta` may name the request or the instance. */
const contentOf = ({ answer: { result } }: Exchange): JsonObject => ({
  content: result?.['content'],
  structuredContent: result?.['structuredContent'],
});

/** The last call of the flow, with what its earlier steps returned at home. */
async function lastCall(context: CheckContext, flow: Flow, order: Order): Promise<AuditRequest | undefined> {
  const exchanges = await context.run(flow, context.client(), () => order.home);
  const last = exchanges.at(-1);
  return exchanges.length === flow.steps.length && last !== undefined && succeeded(last)
    ? last.request
    : undefined;
}

/** Asks here and there in turn. What differs on one of them too is left out: times, random ids, counters. */
async function between(
  context: CheckContext,
  subject: string,
  request: AuditRequest,
  { home, others }: Order,
): Promise<Finding | undefined> {
  for (const place of others) {
    const here: Exchange[] = [];
    const there: Exchange[] = [];
    const [mine, theirs] = [context.client(), context.client()];
    for (let turn = 0; turn < TURNS; turn += 1) {
      here.push(await mine.ask(request, home));
      there.push(await theirs.ask(request, place));
      if (!succeeded(here.at(-1)!) || !succeeded(there.at(-1)!)) break;
      // The first results are compared. Further ones only tell which differences count.
      if (turn === 0 && firstDifference(contentOf(here[0]!), contentOf(there[0]!)) === undefined) break;
    }
    if (![...here, ...there].every(succeeded)) {
      context.skip(subject, 'no-success');
      continue;
    }
    const varying = new Set([...varyingIn(here.map(contentOf)), ...varyingIn(there.map(contentOf))]);
    const differing = firstDifference(contentOf(here[0]!), contentOf(there[0]!), varying);
    if (differing === undefined) continue;
    const seen = `${placeOf(here[0]!)} and ${placeOf(there[0]!)} answered the same call differently at ${differing.at}, each the same ${TURNS} times`;
    return { subject, seen, evidence: [here[0]!, there[0]!], differing };
  }
  return undefined;
}

export const resultDiffersByInstance: Check = {
  name: 'result-differs-by-instance',
  title: 'A result depends on the instance',
  severity: 'warning',
  fix: 'compute the result from the arguments and from data that all instances share; leave out what only names the process',
  nothingToAsk: 'no tool could be called',
  notApplicable: (survey) => (survey.pinned ? noTools(survey) : 'not-pinned'),
  async run(context) {
    const findings: Finding[] = [];
    for (const flow of context.flows) {
      const [order] = context.places.orders;
      const request = await lastCall(context, flow, order!);
      if (request === undefined) context.skip(flow.tool, 'no-success');
      const finding = request && (await between(context, flow.tool, request, order!));
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
