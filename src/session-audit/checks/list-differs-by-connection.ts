/** @module Check: a list that is not the same on two connections to one instance. Source: MCP 2026-07-28, Tools, Listing Tools. */
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

const CONNECTIONS = 4;

async function amongConnections(context: CheckContext, list: ListMethod): Promise<Finding | undefined> {
  const { home } = context.places.orders[0]!;
  const clients = Array.from({ length: CONNECTIONS }, () => context.client());
  const rounds: (readonly WholeList[])[] = [];
  // Each connection is asked twice, in turn, so that a change meanwhile is not taken for it.
  for (const _ of ['first', 'again']) {
    const round: WholeList[] = [];
    for (const client of clients) {
      const read = await wholeList(list, client, home);
      if (read === undefined) {
        context.skip(list.method, 'no-success');
        return undefined;
      }
      round.push(read);
    }
    rounds.push(round);
  }
  const [first, again] = rounds as [readonly WholeList[], readonly WholeList[]];
  if (first.some(({ content }, index) => content !== again[index]!.content)) return undefined;
  const one = first[0]!;
  const other = first.find(({ content }) => content !== one.content);
  if (other === undefined) return undefined;
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
