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
    const read = await listsAt(context, list, [home, place, home, place, place, home]);
    if (read === undefined) {
      context.skip(list.method, 'no-success');
      continue;
    }
    const [a, b, c, d, e, f] = read as [WholeList, WholeList, WholeList, WholeList, WholeList, WholeList];
    const [here, there] = [
      [a, c, f],
      [b, d, e],
    ].map((each) => new Set(each.map(({ content }) => content)));
    if (here!.size !== 1 || there!.size !== 1 || a.content === b.content) continue;
    const seen = `${placeOf(a.first)} and ${placeOf(b.first)} list other entries: ${differenceOf(a, b)}`;
    return { subject: list.method, seen, ...pagesThatDiffer(a, b) };
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
