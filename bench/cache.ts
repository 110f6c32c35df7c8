/** @module The speed of caching: the cost of a hit, the memory of caches, the replay of a run, and lists of 1 MB. */
import { join } from 'node:path';
import type * as Replay from '../src/cache/replay.ts';
import type * as ReplayRun from '../src/cache/replay-run.ts';
import type { LoadCache } from '../src/generator/engine/load-cache.ts';
import { completeOffer } from '../src/profile/section/offer.ts';
import type { CallSettings, FleetSettings } from '../src/profile/settings.ts';
import type { LookupLog } from '../src/recording/lookup-log.ts';
import { startFleet } from '../src/testbed/fleet/fleet.ts';
import { systemClock } from '../src/units/clock.ts';
import { randomAt } from '../src/units/random.ts';
import { type Build, moduleOf } from './build.ts';
import type { CacheCosts } from './cache-agents.ts';
import { CORE, output, pinProcess } from './command.ts';
import type { Context } from './context.ts';
import { FIGURES, type FigureName } from './figures.ts';
import { type Goal, goalOf } from './goal.ts';
import { type Measured, measure } from './load.ts';
import { formatSpread } from './ratio.ts';
import { type Rounds, runRounds, type Sample, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';

const ARRIVALS = 1_000_000;
const LIFETIMES = 50;
const LISTS_PER_SECOND = 200;
const TOOLS = 1000;

const HITS = 'hits, and memory of agents';
const REPLAY = `replay of ${ARRIVALS} lookups, ${LIFETIMES} lifetimes`;
const LISTS = `lists of ${TOOLS} tools at ${LISTS_PER_SECOND}/s`;

/** Measures what caches cost the generator, and what lists without them cost. */
export const cache: Section = {
  name: 'cache',
  title: 'The speed of caching',
  method: `A hit: lookups in batches of 1,000 in a process of its own, the median over 2,000 batches, a hit in all with the clock, the counts and the log of a real load; bytes are the growth of the heap, those of a hit include its answer. Memory: ${ARRIVALS / 10} agents with an own entry each, made by a driver that answers in memory. Replay: ${ARRIVALS} lookups of 1,000 agents at Poisson arrivals, ${LIFETIMES} lifetimes. Lists: ${LISTS_PER_SECOND}/s of ${TOOLS} tools from one lean server on a core of its own, with the hints of each answer read. Each once per round.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const lists: Measured[] = [];
  const rounds = await runRounds(
    [
      { name: HITS, of: 'paceline', measure: (_, build) => measureCosts(build) },
      { name: REPLAY, of: 'paceline', measure: (_, build) => measureReplay(build) },
      {
        name: LISTS,
        of: 'paceline',
        measure: async (seconds, build) => {
          const measured = await measureLists(seconds, build);
          if (build.kind === 'this') lists.push(measured);
          return sampleOf(measured);
        },
      },
    ],
    context,
  );
  return {
    tables: [tableOf(rounds)],
    goals: goalsOf(rounds),
    notes: lists.map(noteOf),
    rounds: [rounds],
    data: { lists },
  };
}

async function measureCosts({ folder }: Build): Promise<Sample> {
  const script = join(folder, 'bench/cache-agents.js');
  // Young garbage is collected as rarely as in a load thread.
  const command = [process.execPath, '--expose-gc', '--min-semi-space-size=16', script] as const;
  const { find, hit, agents } = JSON.parse(await output(CORE.client, command, 120)) as CacheCosts;
  return {
    failed: 0,
    findNs: find.ns,
    findBytes: find.bytes,
    hitNs: hit.ns,
    hitBytes: hit.bytes,
    peakMb: agents.rssBytes / 1024 ** 2,
    agentBytes: agents.bytesEach,
  };
}

function sampleOf({ summary, generator }: Measured): Sample {
  const { due, ok } = summary.calls;
  return {
    failed: due - ok,
    busyUs: (generator.cpu * 1e6) / LISTS_PER_SECOND,
    p50Ms: summary.responseTime.p50Us / 1000,
    lagP99Us: summary.sendLag.p99Us,
    bound: generator.bound ? 1 : 0,
  };
}

/** A row for every figure of every arm. */
function tableOf(rounds: Rounds): Table {
  const rows = rounds.names.flatMap((name) =>
    (Object.keys(FIGURES) as FigureName[]).flatMap((figure) => {
      const spread = spreadIn(rounds, figure, name);
      return spread === undefined ? [] : [[name, FIGURES[figure].what, formatSpread(spread, 1)]];
    }),
  );
  return {
    caption: 'Caching: median (min .. max) over the rounds',
    head: ['load', 'figure', 'measured'],
    rows,
  };
}

function goalsOf(rounds: Rounds): readonly Goal[] {
  const below = (what: string, bound: number, unit: string, arm: string, figure: FigureName): Goal =>
    goalOf({ what, direction: 'below', bound, unit }, spreadIn(rounds, figure, arm)?.median);
  return [
    below('lookup in a cache, p50', 1000, 'ns', HITS, 'findNs'),
    below('memory of a lookup', 1, 'bytes', HITS, 'findBytes'),
    below('hit in all, p50', 1000, 'ns', HITS, 'hitNs'),
    below('process with 100,000 agents, an entry each', 500, 'MB', HITS, 'peakMb'),
    goalOf(
      { what: `slowest ${REPLAY}`, direction: 'below', bound: 15, unit: 's' },
      spreadIn(rounds, 'replayS', REPLAY)?.max,
    ),
    goalOf(
      { what: `${LISTS}: rounds that the generator limited`, direction: 'at most', bound: 0, unit: '' },
      spreadIn(rounds, 'bound', LISTS)?.max,
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
async function measureReplay(build: Build): Promise<Sample> {
  const { replay } = await moduleOf<typeof Replay>(build, 'src/cache/replay.js');
  const { ttlGrid } = await moduleOf<typeof ReplayRun>(build, 'src/cache/replay-run.js');
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
  const replayS = (systemClock.now() - startedUs) / 1e6;
  if (points.length !== LIFETIMES || points.some(({ lookups }) => lookups !== ARRIVALS)) {
    throw new Error('the replay is not whole');
  }
  return { failed: 0, replayS };
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

async function measureLists(seconds: number, build: Build): Promise<Measured> {
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
      build,
    });
  } finally {
    await fleet.stop();
  }
}
