/** @module Check: a list that is another one after calls. Source: MCP 2026-07-28, Tools, Listing Tools. */
import type { Check, CheckContext, Finding } from '../check.ts';
import { notOnOneInstance, placeOf } from '../elsewhere.ts';
import {
  differenceOf,
  type ListMethod,
  listsOf,
  noLists,
  pagesThatDiffer,
  type WholeList,
  wholeList,
} from '../whole-list.ts';

type Read = WholeList | undefined;

/** Reads every list, calls every tool, and reads the lists again on the same connection. */
async function aroundCalls(
  context: CheckContext,
  lists: readonly ListMethod[],
): Promise<readonly (readonly [ListMethod, Read, Read])[]> {
  const { home } = context.places.orders[0]!;
  const client = context.client();
  const readAll = async (): Promise<readonly Read[]> => {
    const all: Read[] = [];
    for (const list of lists) all.push(await wholeList(list, client, home));
    return all;
  };
  const before = await readAll();
  for (const flow of context.flows) await context.run(flow, client, () => home);
  const after = await readAll();
  return lists.map((list, index) => [list, before[index], after[index]]);
}

/** A list that others still see as it was has not just changed. */
async function changed(
  context: CheckContext,
  [list, before, after]: readonly [ListMethod, Read, Read],
): Promise<Finding | undefined> {
  const { home, others } = context.places.orders[0]!;
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
    for (const around of await aroundCalls(context, listsOf(context.survey))) {
      const finding = await changed(context, around);
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
