/** @module Check: a handle that works for a caller to whom it was not given. */
import type { JsonObject } from '../../protocol/json-object.ts';
import { valueAt } from '../../synthesis/learned.ts';
import { type Check, type CheckContext, type Finding, noTools } from '../check.ts';
import { type Exchange, succeeded } from '../exchange.ts';
import type { Flow } from '../flow.ts';

type Results = ReadonlyMap<string, JsonObject>;

/** The results of the steps before the last, of one identity; `undefined` unless the last one succeeds, too. */
async function resultsOf(
  context: CheckContext,
  flow: Flow,
  identity: number,
): Promise<{ readonly results: Results; readonly used: Exchange } | undefined> {
  const { home } = context.places.orders[0]!;
  const exchanges = await context.run(flow, context.client(identity), () => home);
  const used = exchanges.at(-1);
  if (exchanges.length < flow.steps.length || used === undefined || !succeeded(used)) return undefined;
  const before = exchanges.slice(0, -1);
  return {
    results: new Map(before.map(({ request, answer }) => [request.name!, answer.result ?? {}])),
    used,
  };
}

/** Whether the two were given something else: a value that everybody gets is no handle. */
function differ({ steps }: Flow, one: Results, other: Results): boolean {
  const sources = Object.values(steps.at(-1)!.from);
  return sources.some(
    (source) => valueAt(one.get(source.tool), source) !== valueAt(other.get(source.tool), source),
  );
}

/** Uses what `owner` was given as `thief`, who may make the same calls with what they are given themselves. */
async function stolen(
  context: CheckContext,
  flow: Flow,
  owner: number,
  thief: number,
): Promise<Finding | undefined> {
  const given = await resultsOf(context, flow, owner);
  const own = given && (await resultsOf(context, flow, thief));
  if (given === undefined || own === undefined) context.skip(flow.tool, 'no-success');
  if (given === undefined || own === undefined) return undefined;
  if (!differ(flow, given.results, own.results)) {
    context.skip(flow.tool, 'nothing-to-ask');
    return undefined;
  }
  const { home } = context.places.orders[0]!;
  const request = context.requestOf(flow.steps.at(-1)!, given.results);
  const used = await context.client(thief).ask(request, home);
  if (!succeeded(used)) return undefined;
  const [first, second] = [context.survey.identities[owner]!, context.survey.identities[thief]!];
  const seen = `what ${first} was given was accepted from ${second}`;
  return { subject: flow.tool, seen, evidence: [given.used, used] };
}

export const stolenHandleAccepted: Check = {
  name: 'stolen-handle-accepted',
  title: 'A handle of one caller works for another',
  severity: 'bad',
  fix: 'bind each handle to the identity that it was given to, and compare that with the token of every call: a handle is no credential',
  nothingToAsk: 'no call returned something to one caller alone that another tool takes',
  notApplicable: (survey) => (survey.identities.length < 2 ? 'one-identity' : noTools(survey)),
  async run(context) {
    const findings: Finding[] = [];
    for (const flow of context.flows) {
      if (Object.keys(flow.steps.at(-1)!.from).length === 0) continue;
      const finding = (await stolen(context, flow, 0, 1)) ?? (await stolen(context, flow, 1, 0));
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  },
};
