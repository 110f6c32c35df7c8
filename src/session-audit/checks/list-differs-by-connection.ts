/** @module Check: a list that is not the same on two connections to one instance. Source: MCP 2026-07-28, Tools, Listing Tools. */
import type { Check, CheckContext, Finding } from '../check.ts';
import type { Client } from '../client.ts';
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

const CONNECTIONS = 4;

/** The list as each of `clients` sees it, in turn. */
async function listsOfAll(
  context: CheckContext,
  list: ListMethod,
  clients: readonly Client[],
): Promise<readonly WholeList[] | undefined> {
  const { home } = context.places.orders[0]!;
  const lists: WholeList[] = [];
  for (const client of clients) {
    const read = await wholeList(list, client, home);
    if (read === undefined) {
      context.skip(list.method, 'no-success');
      return undefined;
    }
    lists.push(read);
  }
  return lists;
}

async function amongConnections(context: CheckContext, list: ListMethod): Promise<Finding | undefined> {
  const clients = Array.from({ length: CONNECTIONS }, () => context.client());
  const lists = (await listsOfAll(context, list, clients)) ?? [];
  const [one] = lists;
  const other = lists.find(({ content }) => content !== one!.content);
  if (one === undefined || other === undefined) return undefined;
  // Each connection is asked again, in turn, so that a change meanwhile is not taken for it.
  const again = await listsOfAll(context, list, clients);
  if (again?.every(({ content }, index) => content === lists[index]!.content) !== true) return undefined;
  const seen = `two connections to ${placeOf(one.first)} were shown different lists: ${differenceOf(one, other)}`;
  return { subject: list.method, seen, ...pagesThatDiffer(one, other) };
}

export const listDiffersByConnection: Check = {
  name: 'list-differs-by-connection',
  title: 'A list depends on the connection',
  severity: 'bad',
  fix: 'build the list from the request alone: its credentials may decide what is listed, the connection must not (MCP 2026-07-28, Tools)',
  // In the sessions era a list may belong to the session. Behind a balancer, connections may lead to different instances.
  notApplicable: (survey) =>
    survey.era === 'sessions' ? 'other-era' : (notOnOneInstance(survey) ?? noLists(survey)),
  async run(context) {
    const findings: Finding[] = [];
    for (const list of listsOf(context.survey)) {
      const finding = await amongConnections(context, list);
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
