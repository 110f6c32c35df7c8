/** @module Check: a handle that one instance gave out, and another does not know. */

import type { JsonObject } from '../../protocol/json-object.ts';
import { type Check, type CheckContext, noTools } from '../check.ts';
import { bothEnds, findingsElsewhere, type HandedOver, placeOf } from '../elsewhere.ts';
import { succeeded } from '../exchange.ts';
import type { Flow } from '../flow.ts';

type Results = ReadonlyMap<string, JsonObject>;

/** The results of all steps but the last; the last one uses what is in them. */
function handedIn({ steps }: Flow, context: CheckContext): HandedOver<Results> {
  const [last, before] = [steps.at(-1)!, steps.slice(0, -1)];
  return {
    async make(client, place) {
      const exchanges = await context.run({ tool: last.tool, steps: before }, client, () => place);
      if (exchanges.length < before.length || !exchanges.every(succeeded)) return undefined;
      return new Map(exchanges.map(({ request, answer }) => [request.name!, answer.result ?? {}]));
    },
    use: (results, client, place) => client.ask(context.requestOf(last, results), place),
    unmade: 'no-success',
  };
}

export const handleUnknownElsewhere: Check = {
  name: 'handle-unknown-elsewhere',
  title: 'A handle works only on the instance that made it',
  severity: 'bad',
  fix: 'keep what the handle stands for in a store that all instances share, or put it into the handle, signed with a key that they share',
  nothingToAsk: 'no tool that could be called takes what another one returned',
  notApplicable: (survey) => (survey.pinned ? noTools(survey) : 'not-pinned'),
  run: (context) =>
    findingsElsewhere(
      context,
      context.flows
        .filter(({ steps }) => Object.keys(steps.at(-1)!.from).length > 0)
        .map((flow) => ({ subject: flow.tool, handed: handedIn(flow, context) })),
      (here, there) => `given what ${placeOf(here)} returned before, ${bothEnds(here, there)}`,
    ),
};
