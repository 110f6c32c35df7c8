/** @module Check: a cursor that only the instance that gave it out can continue from. */
import type { Check } from '../check.ts';
import { bothEnds, findingsElsewhere, type HandedOver, placeOf } from '../elsewhere.ts';
import { listsOf, noLists } from '../whole-list.ts';

const cursorOf = (method: string): HandedOver<string> => ({
  async make(client, place) {
    const { answer } = await client.ask({ method }, place);
    const cursor = answer.result?.['nextCursor'];
    return typeof cursor === 'string' ? cursor : undefined;
  },
  use: (cursor, client, place) => client.ask({ method, params: { cursor } }, place),
});

export const cursorUnknownElsewhere: Check = {
  name: 'cursor-unknown-elsewhere',
  title: 'A cursor works only on the instance that gave it out',
  severity: 'bad',
  fix: 'put into the cursor where the next page begins, signed with a key that all instances share, instead of keeping pages in one instance',
  nothingToAsk: 'no cursor was given out',
  notApplicable: (survey) => (survey.pinned ? noLists(survey) : 'not-pinned'),
  run: (context) =>
    findingsElsewhere(
      context,
      listsOf(context.survey).map(({ method }) => ({ subject: method, handed: cursorOf(method) })),
      (here, there) => `asked for the next page with a cursor of ${placeOf(here)}, ${bothEnds(here, there)}`,
    ),
};
