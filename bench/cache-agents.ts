/** @module What caches of agents cost, measured in a process of its own: the time and the memory of a hit, and the memory of 100,000 agents. Prints the figures as JSON; needs `--expose-gc`. */
import { getHeapStatistics } from 'node:v8';
import { NO_CONTEXT } from '../src/cache/context.ts';
import { keyOf } from '../src/cache/key.ts';
import { ResponseCache } from '../src/cache/response-cache.ts';
import { type AgentOptions, type Agents, createAgents } from '../src/generator/agent/agents.ts';
import { cacheLayer } from '../src/generator/agent/cache-layer.ts';
import { CacheSharing, type Kept } from '../src/generator/agent/cache-sharing.ts';
import { type CallEnd, type Caller, MEASURED } from '../src/generator/agent/caller.ts';
import { OwnIds, OwnRequest } from '../src/generator/agent/own-request.ts';
import type { CallSettings } from '../src/profile/settings.ts';
import { hintsOf } from '../src/protocol/caching/hints.ts';
import { LookupLogWriter } from '../src/recording/lookup-log.ts';
import { CacheTally } from '../src/recording/measure/cache-tally.ts';
import { systemClock } from '../src/units/clock.ts';
import { spreadOf } from './ratio.ts';

/** The figures of this process. */
export interface CacheCosts {
  /** Time and memory of one lookup, of the cache alone and of the layer. */
  readonly find: Cost;
  readonly hit: Cost;
  /** Resident memory, and the heap of each agent. */
  readonly agents: { readonly count: number; readonly rssBytes: number; readonly bytesEach: number };
}

interface Cost {
  readonly ns: number;
  readonly bytes: number;
}

const AGENTS = 100_000;
/** Small enough that no garbage is collected within one. */
const BATCH = 1000;
const BATCHES = 2000;
/** Until the code is compiled. */
const UNCOUNTED = 200;

const LIST: CallSettings = { name: 'tools/list', method: 'tools/list', weight: 1, pages: 'all' };
const ANSWER =
  '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[],"ttlMs":86400000,"cacheScope":"private"}}';
const SETTINGS = {
  honour: true,
  at: 'agent',
  singleFlight: false,
  jitter: 0,
  staleIfErrorUs: 0,
  subscribe: false,
} as const;

const now = (): number => systemClock.now();

/** Each reply is made anew, as a driver makes them. */
const replyNow = (): CallEnd => ({
  outcome: 'ok',
  detail: undefined,
  status: 200,
  sentUs: 0,
  firstByteUs: 0,
  doneUs: now(),
  servedBy: '1',
  sessionId: undefined,
  serverTiming: undefined,
  body: ANSWER,
});

const DRIVER: AgentOptions['driver'] = {
  send: (_, onReply) => queueMicrotask(() => onReply(replyNow())),
  open: () => ({ close: () => undefined }),
  warm: async () => undefined,
  mostConnections: () => 1,
  close: async () => undefined,
};

function sharingOf(): CacheSharing {
  const load = { settings: SETTINGS, changes: [] };
  const tally = new CacheTally({ load, methods: [LIST.method], checked: false });
  const lookups = new LookupLogWriter();
  return new CacheSharing({ settings: SETTINGS, changes: [], tally, lookups, seed: 1, worker: 0 });
}

/** The median cost of one of what `batch` does {@link BATCH} times. */
async function costOf(batch: () => void): Promise<Cost> {
  const [times, sizes]: [number[], number[]] = [[], []];
  for (let round = 0; round < UNCOUNTED + BATCHES; round += 1) {
    const bytes = getHeapStatistics().used_heap_size;
    const startedUs = now();
    batch();
    // What the layer has put off is done in the next turn, before this one.
    await new Promise((resolve) => setImmediate(resolve));
    const tookUs = now() - startedUs;
    const grown = getHeapStatistics().used_heap_size - bytes;
    if (round < UNCOUNTED) continue;
    times.push((tookUs * 1000) / BATCH);
    sizes.push(grown / BATCH);
  }
  return { ns: spreadOf(times)!.median, bytes: spreadOf(sizes)!.median };
}

/** The same without what the measurement itself takes. */
async function costWithout(batch: () => void, nothing: Cost): Promise<Cost> {
  const { ns, bytes } = await costOf(batch);
  return { ns: ns - nothing.ns, bytes: Math.max(0, bytes - nothing.bytes) };
}

async function costOfFind(nothing: Cost): Promise<Cost> {
  const cache = new ResponseCache<Kept>();
  const key = keyOf('tools/list');
  const result = { isComplete: true, hints: hintsOf(86_400_000, 'private') };
  const value = { nextCursor: null, version: undefined, bytes: ANSWER.length };
  cache.keep(key, NO_CONTEXT, { value, result, stamp: 0 }, now());
  let found = 0;
  // The time is a number on the heap: each call has one, whether it looks into a cache or not.
  const atUs = now();
  const lookAll = (): void => {
    for (let i = 0; i < BATCH; i += 1) {
      if (typeof cache.find(key, NO_CONTEXT, atUs) !== 'string') found += 1;
    }
  };
  const cost = await costWithout(lookAll, nothing);
  if (found !== BATCH * (BATCHES + UNCOUNTED)) throw new Error(`only ${found} lookups were hits`);
  return cost;
}

async function costOfHit(nothing: Cost): Promise<Cost> {
  const next: Caller = {
    open: async () => undefined,
    send: (_, onEnd) => queueMicrotask(() => onEnd(replyNow())),
    listen: () => ({ close: () => undefined }),
    close: async () => undefined,
  };
  const layer = cacheLayer({ sharing: sharingOf(), now, encoders: new Map(), ids: new OwnIds(), agent: 0 });
  const caller = layer(next);
  const request = new OwnRequest({ method: 'tools/list' }, MEASURED, () => {
    throw new Error('a hit sends nothing');
  });
  let cached = 0;
  const onEnd = (end: CallEnd): void => {
    if (end.cached === true) cached += 1;
  };
  await new Promise<void>((resolve) => caller.send(request, () => resolve()));
  const hitAll = (): void => {
    for (let i = 0; i < BATCH; i += 1) caller.send(request, onEnd);
  };
  const cost = await costWithout(hitAll, nothing);
  if (cached !== BATCH * (BATCHES + UNCOUNTED)) throw new Error(`only ${cached} calls were hits`);
  return cost;
}

function agentsOf(): Agents {
  return createAgents({
    era: 'stateless',
    calls: [LIST],
    seed: 1,
    driver: DRIVER,
    headers: {},
    timeoutUs: 5e6,
    now,
    measureFromUs: 0,
    cache: sharingOf(),
  });
}

/** Every agent lists the tools once, and keeps the list. */
async function memoryOfAgents(): Promise<CacheCosts['agents']> {
  const used = (): number => {
    globalThis.gc?.();
    return getHeapStatistics().used_heap_size;
  };
  const before = used();
  const agents = agentsOf();
  for (let agent = 0; agent < AGENTS; agent += 1) {
    await new Promise((resolve) => agents.of(agent).call({ seq: agent, dueUs: 0, agent, call: 0 }, resolve));
  }
  const bytesEach = (used() - before) / AGENTS;
  const rssBytes = process.memoryUsage.rss();
  // Whatever is still to be used is not collected.
  await agents.close();
  return { count: AGENTS, rssBytes, bytesEach };
}

const agents = await memoryOfAgents();
const nothing = await costOf(() => undefined);
const costs: CacheCosts = { find: await costOfFind(nothing), hit: await costOfHit(nothing), agents };
process.stdout.write(JSON.stringify(costs));
