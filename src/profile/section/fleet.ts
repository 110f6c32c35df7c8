/** @module The key `fleet`: servers that Paceline starts. */
import { z } from 'zod';
import { alternatives, listOf } from '../../units/words.ts';
import { ERAS, OWN_SERVERS, SERVERS, serverOf } from '../kinds.ts';
import { NOT_RECORDED } from '../secrets.ts';
import { Apps, completeApps } from './apps.ts';
import { Command, completeCommand } from './command.ts';
import { type EndpointPart, fleetEra } from './endpoint.ts';
import { completeFleetTasks, FleetTasks } from './fleet-tasks.ts';
import { completeHeaders, Headers, headerSecrets } from './headers.ts';
import { serverTable } from './kind-tables.ts';
import { completeOffer, OFFER_DOCS, Offer } from './offer.ts';
import { completeRounds, Rounds } from './rounds.ts';
import { variantSection } from './section.ts';
import { completeState, State } from './state.ts';
import { completeTools, TOOL_EXCLUSIONS, TOOLS_DOCS, Tools } from './tools.ts';
import {
  choice,
  instanceHeader,
  integer,
  isMapping,
  type Mapping,
  mapping,
  meanings,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

const INSTANCES = 4;
const OWN = listOf(OWN_SERVERS.map((name) => `\`${name}\``));

const Fleet = withRule(
  mapping({
    server: z
      .union([choice(OWN_SERVERS), Command], {
        error: `${OWN_SERVERS.join(', ')}, or a mapping with a command`,
      })
      .default(OWN_SERVERS[0]!)
      .describe(`What an instance runs: ${meanings(SERVERS)}.`),
    era: choice([...ERAS, 'auto'])
      .default(ERAS[0])
      .describe(
        '`stateless` is MCP 2026-07-28, `sessions` is MCP 2025-11-25; `auto` detects what a command speaks, as `target.era` does.',
      ),
    instances: integer(1, 64).default(INSTANCES).describe('How many server processes.'),
    tools: Tools.optional().describe(
      `What the servers ${OWN} offer: \`echo\`, \`work\`, \`report\` and a catalogue.`,
    ),
    offer: Offer.optional().describe(
      `What else the servers ${OWN} offer, the pages of their lists, and the cache hints of each method.`,
    ),
    state: State.optional().describe(
      `State that the servers ${OWN} keep for their clients; with it, they offer tools for baskets beside the catalogue.`,
    ),
    rounds: Rounds.optional().describe(
      `Tools of the servers ${OWN} that answer in several rounds (multi round-trip requests): \`deploy\` asks the user back, and \`hand_off\` asks for nothing and lets the call come again. They need \`fleet.state\`, which has the key for \`requestState\`, and the era \`stateless\`.`,
    ),
    apps: Apps.optional().describe(
      `An MCP App of the servers ${OWN}: the tools \`weather\` and \`weather_refresh\`, and their view \`ui://weather/view.html\`. It needs the era \`stateless\`.`,
    ),
    tasks: FleetTasks.optional().describe(
      `With it, the servers ${OWN} also offer the tool \`slow_report\`, whose calls become tasks for clients that take them; where the tasks are kept, \`state\` says: without it in the memory of each instance, and not in \`signed\` handles.`,
    ),
    headers: Headers.optional().describe('Headers to send with every request, as in `target.headers`.'),
    instanceHeader: instanceHeader().describe(
      'Response header that names the instance. The balancer names instances that do not send it.',
    ),
  }),
  (fleet) => {
    const { server, tools, offer, state, rounds, apps, tasks } = fleet;
    const kind = serverOf(server);
    if (kind === undefined || SERVERS[kind].ours) return ownViolations(fleet);
    return [
      ...(tools === undefined ? [] : violationAt(['tools'], withoutEffect('tools', 'its own tools'))),
      ...(offer === undefined ? [] : violationAt(['offer'], withoutEffect('offer', 'what it has'))),
      ...(state === undefined ? [] : violationAt(['state'], withoutEffect('state', 'its own state'))),
      ...(rounds === undefined ? [] : violationAt(['rounds'], withoutEffect('rounds', 'its own tools'))),
      ...(apps === undefined ? [] : violationAt(['apps'], withoutEffect('apps', 'its own tools'))),
      ...(tasks === undefined ? [] : violationAt(['tasks'], withoutEffect('tasks', 'its own tools'))),
    ];
  },
);

const ONLY_STATELESS = {
  what: 'needs the era stateless: sessions do not have what the suite calls',
  todo: 'leave it out, or set fleet.era: stateless',
};

const withoutEffect = (key: string, offered: string) => ({
  what: `has no effect on a server started by a command, which offers ${offered}`,
  expected: `fleet.server ${alternatives(OWN_SERVERS)}`,
  todo: `leave fleet.${key} out; if other variants need it, set it in those`,
});

/** What built-in servers offer only together with something else. */
function ownViolations({ server, state, rounds, apps, tasks, era, offer }: Mapping): readonly Violation[] {
  const hasFixtures = isMapping(offer) && offer['conformance'] === true;
  const isSigned = isMapping(state) && state['kind'] === 'signed';
  const sharesSessions = isMapping(state) && state['sessions'] === 'store';
  return [
    ...(era === 'sessions' && hasFixtures ? violationAt(['offer', 'conformance'], ONLY_STATELESS) : []),
    ...(era === 'sessions' && rounds !== undefined ? violationAt(['rounds'], NOT_IN_SESSIONS) : []),
    ...(era === 'sessions' && apps !== undefined ? violationAt(['apps'], NOT_IN_SESSIONS) : []),
    ...(rounds !== undefined && state === undefined ? violationAt(['rounds'], WITHOUT_KEY) : []),
    ...(tasks !== undefined && isSigned ? violationAt(['tasks'], NOT_SIGNED) : []),
    ...(sharesSessions ? violationAt(['state', 'sessions'], notShared(server, era)) : []),
  ];
}

/** Why a server has no sessions that a store could hold; undefined when it has. */
function notShared(server: unknown, era: unknown): Violation['problem'] | undefined {
  if (era !== 'sessions') return WITHOUT_SESSIONS;
  return serverOf(server) === 'lean' ? undefined : BOUND_SESSIONS;
}

const WITHOUT_SESSIONS = {
  what: 'has no effect in the era stateless, which has no sessions',
  expected: 'fleet.era sessions',
  todo: 'leave it out; if other variants need it, set it in those',
};

/** A transport of the SDK answers only in a session whose `initialize` it got itself. Source: `validateSession` of the Streamable HTTP transport of SDK 1.x. */
const BOUND_SESSIONS = {
  what: 'cannot be store with the server sdk: the SDK has no way to take over a session that another instance has opened',
  expected: 'fleet.server lean',
  todo: 'set that, or leave fleet.state.sessions out',
};

const NOT_IN_SESSIONS = {
  what: 'needs the era stateless: it is not part of MCP 2025-11-25',
  todo: 'leave it out, or set fleet.era: stateless',
};

const WITHOUT_KEY = {
  what: 'needs a key for requestState',
  expected: 'fleet.state beside it',
  todo: 'add fleet.state: { kind: signed }',
};

const NOT_SIGNED = {
  what: 'cannot be kept in a signed handle: a task changes after its id was handed out',
  expected: 'fleet.state.kind store, memory or node-encoded',
  todo: 'set fleet.state.kind: store, or memory to see tasks that other instances do not find; if other variants need signed handles, set tasks in the others',
};

/** How many instances a profile starts; NaN when the number is not valid. */
export function instancesOf({ fleet }: Mapping): number {
  return Number((isMapping(fleet) ? fleet['instances'] : undefined) ?? INSTANCES);
}

/** The problem of a setting that needs a built-in server, when the fleet runs another one. */
export function withoutOwnServer(
  { fleet }: Mapping,
  place: Violation['path'],
  what = 'needs a built-in server, which can delay its answers on request',
  otherwise: string | null = 'pause',
): readonly Violation[] {
  const kind = isMapping(fleet) ? serverOf(fleet['server']) : undefined;
  if (kind === undefined || SERVERS[kind].ours) return [];
  return violationAt(place, {
    what,
    todo: `use ${otherwise === null ? '' : `${otherwise}, or `}fleet.server ${alternatives(OWN_SERVERS)}`,
  });
}

export const fleet = variantSection({
  schema: Fleet.optional().describe('Or servers that Paceline starts, behind a balancer.'),
  fills: 'endpoint',
  excludes: { fleet: ['target'], ...TOOL_EXCLUSIONS },
  // A variable configures the server, and its name does not show whether it is a credential.
  secrets: [
    headerSecrets('fleet.headers', (names) => `the value of ${listOf(names)}`),
    {
      at: ['fleet.server.env'],
      quotable: false,
      record: () => ({ value: NOT_RECORDED, hidden: [] }),
    },
  ],
  complete(fleet, { folder }): EndpointPart | undefined {
    if (fleet === undefined) return undefined;
    const tools = completeTools(fleet.tools);
    return {
      endpoint: {
        kind: 'fleet',
        server: typeof fleet.server === 'string' ? fleet.server : completeCommand(fleet.server, folder),
        era: fleetEra(fleet.server, fleet.era),
        instances: fleet.instances,
        tools,
        offer: completeOffer(tools, fleet.offer),
        ...(fleet.state && { state: completeState(fleet.state) }),
        ...(fleet.rounds && { rounds: completeRounds(fleet.rounds) }),
        ...(fleet.apps && { apps: completeApps(fleet.apps) }),
        ...(fleet.tasks && { tasks: completeFleetTasks(fleet.tasks) }),
        ...(fleet.headers && completeHeaders(fleet.headers)),
        instanceHeader: fleet.instanceHeader.toLowerCase(),
      },
    };
  },
  docs: `
## Servers

${serverTable()}${TOOLS_DOCS}${OFFER_DOCS}`,
});
