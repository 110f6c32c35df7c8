/** @module Check: a resource that a tool of one instance has made, and another instance cannot read. */
import { objectOf } from '../../protocol/json-object.ts';
import { type Check, type CheckContext, noTools } from '../check.ts';
import { bothEnds, findingsElsewhere, flowsWith, type HandedOver, placeOf } from '../elsewhere.ts';
import type { Exchange } from '../exchange.ts';
import type { Flow } from '../flow.ts';

/** The URIs that a result links to. Source: MCP 2026-07-28, Tools, Resource Links. */
function linksIn({ answer }: Exchange): readonly string[] {
  const content = answer.result?.['content'];
  if (!Array.isArray(content)) return [];
  const links = content.map(objectOf).filter(({ type }) => type === 'resource_link');
  return links.flatMap(({ uri }) => (typeof uri === 'string' ? [uri] : []));
}

/** The URI that the last call of the flow links to, when no list has it. */
const linkedBy = (flow: Flow, context: CheckContext): HandedOver<string> => ({
  async make(client, place) {
    const exchanges = await context.run(flow, client, () => place);
    if (exchanges.length < flow.steps.length) return undefined;
    return linksIn(exchanges.at(-1)!).find((uri) => !context.survey.resources.includes(uri));
  },
  use: (uri, client, place) => client.ask({ method: 'resources/read', name: uri, params: { uri } }, place),
});

export const resourceUnknownElsewhere: Check = {
  name: 'resource-unknown-elsewhere',
  title: 'A resource can be read only on the instance that made it',
  severity: 'bad',
  fix: 'keep the resource in a store that all instances share, or put into its URI what is needed to make it again',
  nothingToAsk: 'no call returned a link to a resource that is in no list',
  notApplicable: (survey) => (survey.pinned ? noTools(survey) : 'not-pinned'),
  run: (context) =>
    findingsElsewhere(
      context,
      flowsWith(context, (tried) => linksIn(tried).length > 0).map((flow) => ({
        subject: flow.tool,
        handed: linkedBy(flow, context),
      })),
      (here, there) =>
        `asked for the resource that the call made on ${placeOf(here)}, ${bothEnds(here, there)}`,
    ),
};
