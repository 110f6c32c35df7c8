/** @module The speed of caching: the cost of a hit, the memory of caches, the replay of a run, and lists of 1 MB. */
import { fileURLToPath } from 'node:url';
import { replay } from '../src/cache/replay.ts';
import { ttlGrid } from '../src/cache/replay-run.ts';
import type { LoadCache } from '../src/generator/engine/load-cache.ts';
import { completeOffer } from '../src/profile/section/offer.ts';
import type { CallSettings, FleetSettings } from '../src/profile/settings.ts';
import type { LookupLog } from '../src/recording/lookup-log.ts';
import { startFleet } from '../src/testbed/fleet/fleet.ts';
import { systemClock } from '../src/units/clock.ts';
import { randomAt } from '../src/units/random.ts';
import type { CacheCosts } from './cache-agents.ts';
import { CORE, output, pinProcess } from './command.ts';
import { type Measured, measure } from './load.ts';
import { formatSpread, type Spread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';

const GOAL_HIT_NS = 1000;
const GOAL_MEMORY_MB = 500;
const GOAL_REPLAY_SECONDS = 15;
const ARRIVALS = 1_000_000;
const LIFETIMES = 50;
const LISTS_PER_SECOND = 200;
const TOOLS = 1000;

/** Measures what caches cost the generator, and what lists without them cost. */
export const cache: Section = {
  name: 'cache',
  title: 'The speed of caching',
  method: `A hit: lookups in batches of 1,000 in a process of its own, the median over 2,000 batches, a hit in all with the clock, the counts and the log of a real load; bytes are the growth of the heap. Memory: ${ARRIVALS / 10} agents with an own entry each, made by a driver that answers in memory. Replay: ${ARRIVALS} lookups of 1,000 agents at Poisson arrivals, ${LIFETIMES} lifetimes, once per round. Lists: ${LISTS_PER_SECOND}/s of ${TOOLS} tools from one lean server on a core of its own, with the hints of each answer read.`,
  run,
};

async function run({ effort, say }: Context): Promise<Outcome> {
  say('cost of a hit, and memory of agents');
  const costs = await measureCosts();
  say(`replay of ${ARRIVALS} lookups`);
  const seconds = spreadOf(Array.from({ length: Math.min(3, effort.rounds) }, replaySeconds))!;
  say(`lists of ${TOOLS} tools at ${LISTS_PER_SECOND}/s`);
  const lists = await measureLists(effort.seconds);
  return {
    tables: [
      {
        caption: 'Caching',
        head: ['what', 'measured', 'goal', ''],
        rows: rowsOf(costs, seconds, lists),
      },
    ],
    notes: [noteOf(lists)],
    data: { costs, seconds, lists },
  };
}

async function measureCosts(): Promise<CacheCosts> {
  const script = fileURLToPath(new URL('cache-agents.js', import.meta.url));
  // Young garbage is collected as rarely as in a load thread.
  const command = [process.execPath, '--expose-gc', '--min-semi-space-size=16', script] as const;
  return JSON.parse(await output(CORE.client, command, 120)) as CacheCosts;
}

const row = (what: string, measured: string, goal: string, good: boolean): readonly string[] => [
  what,
  measured,
  goal,
  good ? 'good' : 'MISSED',
];

function rowsOf({ find, hit, agents }: CacheCosts, seconds: Spread, lists: Measured) {
  const megabytes = agents.rssBytes / 1024 ** 2;
  const { cpu, bound } = lists.generator;
  return [
    row(
      'lookup in a cache, p50',
      `${find.ns.toFixed(0)} ns`,
      `below ${GOAL_HIT_NS} ns`,
      find.ns < GOAL_HIT_NS,
    ),
    row('memory of a lookup', `${find.bytes.toFixed(0)} bytes`, 'none', find.bytes < 1),
    row('hit in all, p50', `${hit.ns.toFixed(0)} ns`, `below ${GOAL_HIT_NS} ns`, hit.ns < GOAL_HIT_NS),
    ['memory of a hit in all, its answer included', `${hit.bytes.toFixed(0)} bytes`, '', ''],
    row(
      `process with ${agents.count} agents, an entry each`,
      `${megabytes.toFixed(0)} MB, ${agents.bytesEach.toFixed(0)} bytes an agent`,
      `below ${GOAL_MEMORY_MB} MB`,
      megabytes < GOAL_MEMORY_MB,
    ),
    row(
      `replay of ${ARRIVALS} lookups, ${LIFETIMES} lifetimes`,
      `${formatSpread(seconds, 1)} s`,
      `below ${GOAL_REPLAY_SECONDS} s`,
      seconds.max < GOAL_REPLAY_SECONDS,
    ),
    row(
      `lists of ${TOOLS} tools at ${LISTS_PER_SECOND}/s: busy share of the load thread`,
      `${(100 * cpu).toFixed(0)} %`,
      'not bound',
      !bound && lists.summary.calls.ok === lists.summary.calls.due,
    ),
  ];
}

function noteOf({ summary, generator }: Measured): string {
  const { calls, cache: figures, responseTime, sendLag } = summary;
  const bytes = figures?.byMethod['tools/list']?.largestBytes ?? 0;
  const reasons = generator.reasons.length === 0 ? '' : ` ${generator.reasons.join('; ')}.`;
  return `Lists: ${calls.due} due, ${calls.ok} ok, ${(bytes / 1e6).toFixed(2)} MB each; response time p50 ${(responseTime.p50Us / 1000).toFixed(1)} ms and p99 ${(responseTime.p99Us / 1000).toFixed(1)} ms, send lag p99 ${sendLag.p99Us} us.${reasons}`;
}

/** How long it takes to replay a log of {@link ARRIVALS} lookups with {@link LIFETIMES} lifetimes. */
function replaySeconds(): number {
  const log = lookupLog();
  const measuredUs = log.at10Us[ARRIVALS - 1]! * 10;
  const ttlsMs = ttlGrid(measuredUs, []).slice(0, LIFETIMES);
  const startedUs = systemClock.now();
  const points = replay(log, ttlsMs, {
    at: 'agent',
    privateMethods: new Set(),
    singleFlight: false,
    jitter: 0,
    fetchUs: 1000,
    seed: 1,
  });
  const seconds = (systemClock.now() - startedUs) / 1e6;
  if (points.length !== LIFETIMES || points.some(({ lookups }) => lookups !== ARRIVALS)) {
    throw new Error('the replay is not whole');
  }
  return seconds;
}

/** Poisson arrivals of 1,000 agents at 10,000/s. */
function lookupLog(): LookupLog {
  const random = randomAt(1, 'arrival');
  const at10Us = new Int32Array(ARRIVALS);
  const agents = new Uint32Array(ARRIVALS);
  let at = 0;
  for (let call = 0; call < ARRIVALS; call += 1) {
    at -= 10 * Math.log(1 - random.next());
    at10Us[call] = at;
    agents[call] = random.below(1000);
  }
  return { at10Us, agents, keys: new Uint16Array(ARRIVALS), names: ['tools/list'], measuredFrom: 0 };
}

const LIST: CallSettings = { name: 'tools/list', method: 'tools/list', weight: 1, pages: 'all' };
/** Nothing is kept, and the hints of every answer are read. */
const OBSERVED: LoadCache = {
  settings: {
    honour: false,
    at: 'agent',
    singleFlight: false,
    jitter: 0,
    staleIfErrorUs: 0,
    subscribe: false,
  },
  keepsLookupLog: true,
  changes: [],
};

const HINTS = { ttlMs: 300_000, cacheScope: 'public' } as const;
const FLEET: FleetSettings = {
  kind: 'fleet',
  server: 'lean',
  era: 'stateless',
  instances: 1,
  tools: { catalogue: TOOLS, work: { kind: 'constant', us: 0 }, reportBytes: 1024, ...HINTS },
  offer: completeOffer(HINTS),
  instanceHeader: 'x-served-by',
};

async function measureLists(seconds: number): Promise<Measured> {
  const fleet = await startFleet({ settings: FLEET, seed: 1 });
  try {
    const [server] = fleet.instances;
    await pinProcess(CORE.server, server!.pid);
    return await measure({
      url: server!.url,
      driver: 'wire',
      shape: { kind: 'rate', perSecond: LISTS_PER_SECOND },
      arrivals: 'poisson',
      seconds: 2 * seconds,
      call: LIST,
      cache: OBSERVED,
    });
  } finally {
    await fleet.stop();
  }
}
