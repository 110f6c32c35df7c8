/** @module The key `calls`: the weighted mix of calls and flows, with templates in their arguments. */
import { z } from 'zod';
import { PLACEHOLDERS } from '../template/placeholder.ts';
import { unsupportedDiscover } from '../unsupported.ts';
import { CALL_KEYS, CALL_KINDS, type CallSettings, callRule, completeCall, nameOfCall } from './call.ts';
import { namesIn } from './data.ts';
import { eraOf } from './endpoint.ts';
import { completeFlow, type FlowSettings, groupsOf, Steps, stepNames } from './flow.ts';
import { FLOW_DOCS } from './flow-docs.ts';
import { flowProblems } from './flow-rule.ts';
import { variantSection } from './section.ts';
import {
  exactlyOne,
  isMapping,
  type Mapping,
  mapping,
  number,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

export type { CallSettings } from './call.ts';

const KINDS = [...CALL_KINDS, 'flow'] as const;

const FLOW_NAME = 'a name without braces and slashes, of at most 60 characters';

const Call = withRule(
  exactlyOne(
    mapping({
      ...CALL_KEYS,
      flow: Steps.optional().describe('Makes these calls one after the other (see below).'),
      name: z
        .string({ error: FLOW_NAME })
        .regex(/^[^{}/\s]([^{}/]{0,58}[^{}/\s])?$/, { error: FLOW_NAME })
        .meta({ patternErrorMessage: FLOW_NAME })
        .optional()
        .describe('Name of the flow in results; without it `flow 1`, `flow 2`, ... in the order of the mix.'),
      weight: number({ above: 0, max: 1e6 })
        .default(1)
        .describe('Share of this call or flow in the mix, relative to the others.'),
    }),
    KINDS,
  ),
  (call) => callRule(call, KINDS),
);

/** Whether all agents are the same client to a server that checks them. */
function hasOneOwner({ auth, identities }: Mapping): boolean {
  const mode = isMapping(auth) ? auth['mode'] : undefined;
  const many = Array.isArray(identities) ? identities.length : 0;
  return mode !== undefined && mode !== 'none' && many < 2;
}

/** Steps that are stolen although nobody else is there. */
const stolenOfOne = (list: readonly unknown[]): readonly Violation[] =>
  list.flatMap((call, index) =>
    callsIn(call).flatMap(({ call: one, path }) =>
      Number(one['stolen']) > 0 ? violationAt(['calls', index, ...path, 'stolen'], NO_STRANGER) : [],
    ),
  );

const NO_STRANGER = {
  what: 'has no effect where all agents are one client, which owns what each of them is given',
  expected: 'two identities',
  todo: 'add identities, or leave it out',
};

/** What the mix is made of. */
export interface Mix {
  /** The single calls, and the steps of all flows, which have no weight of their own. */
  readonly calls: readonly CallSettings[];
  /** Absent: the mix has single calls only. */
  readonly flows?: readonly FlowSettings[];
}

export const calls = variantSection({
  schema: z
    .array(Call, { error: 'a list of calls' })
    .min(1, { error: 'at least one call' })
    .optional()
    .describe('The mix of calls and flows, by weight. Required, except with `load.replay`.'),
  rule(profile) {
    const { era, setBy } = eraOf(profile);
    const list = entriesOf(profile['calls']);
    const discovers = list.flatMap((call, index) =>
      callsIn(call).flatMap(({ call: one, path }): readonly Violation[] =>
        violationAt(
          ['calls', index, ...path, 'discover'],
          one['discover'] === true && era !== undefined ? unsupportedDiscover(era, setBy) : undefined,
        ),
      ),
    );
    const inFlows = flowProblems(list, namesIn(profile)).map(({ path, problem }) => ({
      path: ['calls', ...path],
      problem,
    }));
    return [...discovers, ...inFlows, ...(hasOneOwner(profile) ? stolenOfOne(list) : [])];
  },
  complete: (calls = []): Mix => {
    const names = namesByIndex(calls);
    const all: CallSettings[] = [];
    const flows: FlowSettings[] = [];
    for (const [index, call] of calls.entries()) {
      const { weight } = call;
      if (call.flow === undefined) all.push(completeCall(call, nameOfCall(call)!, weight));
      else {
        const made = completeFlow({ name: names[index]!, weight }, call.flow, all.length);
        all.push(...made.calls);
        flows.push(made.flow);
      }
    }
    return { calls: all, ...(flows.length > 0 && { flows }) };
  },
  docs: `
## Templates

Strings in \`arguments\` and \`params\`, and the URI of \`read\`, may contain templates. A string that consists of a single numeric template becomes a JSON number. Random values are seeded:
the same seed gives the same arguments, byte for byte. Write \`\\{{\` for a literal \`{{\`. Where
no template is read, as in keys and in the name of a tool, it is an error.

| template | value |
| --- | --- |
${Object.values(PLACEHOLDERS)
  .map(({ usage, means }) => `| \`${usage}\` | ${means} |\n`)
  .join('')}${FLOW_DOCS}`,
});

const entriesOf = (calls: unknown): readonly unknown[] => (Array.isArray(calls) ? calls : []);

/** The calls of an entry of the mix: itself, or the steps of a flow. The entry may contain errors. */
function callsIn(
  entry: unknown,
): readonly { readonly call: Mapping; readonly path: readonly (string | number)[] }[] {
  if (!isMapping(entry)) return [];
  if (entry['flow'] === undefined) return [{ call: entry, path: [] }];
  return groupsOf(entry['flow'])
    .flat()
    .map(({ call, path }) => ({ call, path: ['flow', ...path] }));
}

/** The names of flows by the index of their entry; nothing for a call. */
function namesByIndex(calls: readonly unknown[]): readonly (string | undefined)[] {
  let flows = 0;
  return calls.map((call) => {
    if (!isMapping(call) || call['flow'] === undefined) return undefined;
    flows += 1;
    return typeof call['name'] === 'string' ? call['name'] : `flow ${flows}`;
  });
}

/** The names that the calls of a mix have in results. The mix may contain errors; entries that are not valid are skipped. */
export function callNames(calls: unknown): readonly string[] {
  const list = entriesOf(calls);
  const names = namesByIndex(list);
  return list.flatMap((call, index) => {
    if (!isMapping(call)) return [];
    const flow = names[index];
    const found = flow === undefined ? [nameOfCall(call)] : stepNames(flow, call['flow']);
    return found.filter((name) => name !== undefined);
  });
}

/** The methods of the calls of a mix, like {@link callNames}. */
export function calledMethods(calls: unknown): readonly string[] {
  return entriesOf(calls).flatMap((entry) =>
    callsIn(entry).flatMap(({ call }) => nameOfCall(call)?.split(' ', 1) ?? []),
  );
}

/** The names of the flows of a mix, like {@link callNames}. */
export function flowNames(calls: unknown): readonly string[] {
  return namesByIndex(entriesOf(calls)).filter((name) => name !== undefined);
}
