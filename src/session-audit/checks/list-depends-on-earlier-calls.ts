/** @module Check: a list that is another one after calls. Source: MCP 2026-07-28, Tools, Listing Tools. */
import type { Check, CheckContext, Finding } from '../check.ts';
import { notOnOneInstance, placeOf } from '../elsewhere.ts';
import {
  differenceOf,
  type ListMethod,
  listsOf,
  noLists,
  pagesThatDiffer,
  wholeList,
} from '../whole-list.ts';

/** Lists, calls every tool, and lists again on the same connection. A list that others still see as it was has not just changed. */
async function aroundCalls(context: CheckContext, list: ListMethod): Promise<Finding | undefined> {
  const { home, others } = context.places.orders[0]!;
  const client = context.client();
  const before = await wholeList(list, client, home);
  for (const flow of context.flows) await context.run(flow, client, () => home);
  const after = await wholeList(list, client, home);
  if (before === undefined || after === undefined) context.skip(list.method, 'no-success');
  if (before === undefined || after === undefined || before.content === after.content) return undefined;
  for (const place of [home, ...others]) {
    const elsewhere = await wholeList(list, context.client(), place);
    if (elsewhere?.content !== before.content) continue;
    const seen = `${placeOf(before.first)} listed other entries after calls of tools than before: ${differenceOf(before, after)}`;
    return { subject: list.method, seen, ...pagesThatDiffer(before, after) };
  }
  return undefined;
}

export const listDependsOnEarlierCalls: Check = {
  name: 'list-depends-on-earlier-calls',
  title: 'A list depends on earlier calls',
  severity: 'bad',
  fix: 'list the same whatever was called before: neither the connection nor earlier requests on it may influence a list (MCP 2026-07-28, Tools)',
  nothingToAsk: 'no tool could be called',
  notApplicable: (survey) =>
    survey.era === 'sessions' ? 'other-era' : (notOnOneInstance(survey) ?? noLists(survey)),
  async run(context) {
    const findings: Finding[] = [];
    if (context.flows.length === 0) return findings;
    for (const list of listsOf(context.survey)) {
      const finding = await aroundCalls(context, list);
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
