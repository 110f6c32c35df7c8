/** @module Check: a list that is not the same on two instances. */
import { type Check, type CheckContext, type Finding, firstFinding } from '../check.ts';
import { placeOf } from '../elsewhere.ts';
import type { Order } from '../places.ts';
import {
  differenceOf,
  type ListMethod,
  listsAt,
  listsOf,
  noLists,
  pagesThatDiffer,
  type WholeList,
} from '../whole-list.ts';

/** Reads in turn here and there, each time on a new connection, so that neither a change meanwhile nor the connection is taken for it. */
async function between(
  context: CheckContext,
  list: ListMethod,
  { home, others }: Order,
): Promise<Finding | undefined> {
  for (const place of others) {
    const read = await listsAt(context, list, [home, place]);
    if (read !== undefined && read[0]!.content === read[1]!.content) continue;
    // Read again only where it can make a finding: each of the two has to list the same every time.
    const again = read && (await listsAt(context, list, [home, place, place, home]));
    if (read === undefined || again === undefined) {
      context.skip(list.method, 'no-success');
      continue;
    }
    const [a, b, c, d, e, f] = [...read, ...again].map(({ content }) => content);
    if (a !== c || a !== f || b !== d || b !== e) continue;
    const [here, there] = read as [WholeList, WholeList];
    const seen = `${placeOf(here.first)} and ${placeOf(there.first)} list other entries: ${differenceOf(here, there)}`;
    return { subject: list.method, seen, ...pagesThatDiffer(here, there) };
  }
  return undefined;
}

export const listDiffersByInstance: Check = {
  name: 'list-differs-by-instance',
  title: 'Instances list different tools, prompts or resources',
  severity: 'bad',
  fix: 'build the list from what all instances have alike, and bring new versions to all of them before clients are sent to them',
  notApplicable: (survey) => (survey.pinned ? noLists(survey) : 'not-pinned'),
  async run(context) {
    const findings: Finding[] = [];
    for (const list of listsOf(context.survey)) {
      const finding = await firstFinding(context.places.orders, (order) => between(context, list, order));
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
