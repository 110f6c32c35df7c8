/** @module Agents with caches on a virtual clock, in front of a simulated server whose lists tests change. */
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { CacheSettings, CallSettings } from '../../profile/settings.ts';
import { CATALOGUE_VERSION_KEY } from '../../protocol/caching/hints.ts';
import { LookupLogWriter } from '../../recording/lookup-log.ts';
import type { CacheCounts, MethodCounts } from '../../recording/measure/cache-counts.ts';
import { CacheTally } from '../../recording/measure/cache-tally.ts';
import type { Millis } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { PlannedChange } from '../engine/load-cache.ts';
import { createAgents } from './agents.ts';
import { CacheSharing } from './cache-sharing.ts';
import type { CallEnd } from './caller.ts';

/** What the simulated server is asked. */
export interface ServerRequest {
  readonly method: string;
  readonly cursor: string | undefined;
  /** Tool or URI. */
  readonly name: string | undefined;
}

/** Members of a result, and how the answer comes. */
export type Answer = Partial<Treatment> & { readonly result?: Readonly<Record<string, unknown>> };

export const KEEP: CacheSettings = {
  honour: true,
  at: 'agent',
  singleFlight: false,
  jitter: 0,
  staleIfErrorUs: 0,
  subscribe: false,
};

export const LIST: CallSettings = { name: 'list', method: 'tools/list', weight: 1 };
export const ALL_PAGES: CallSettings = { name: 'pages', method: 'tools/list', weight: 1, pages: 'all' };
export const ECHO: CallSettings = {
  name: 'echo',
  method: 'tools/call',
  tool: 'echo',
  arguments: {},
  weight: 1,
};
export const readOf = (uri: string): CallSettings => ({
  name: uri,
  method: 'resources/read',
  uri,
  weight: 1,
});
export const callOf = (method: CallSettings['method']): CallSettings => ({ name: method, method, weight: 1 });

export interface CachingOptions {
  readonly settings?: Partial<CacheSettings>;
  readonly calls?: readonly CallSettings[];
  /** What is answered to a request, at a time of the virtual clock. */
  readonly answer: (request: ServerRequest, atMs: Millis) => Answer;
  readonly changes?: readonly PlannedChange[];
  readonly seed?: number;
}

/** Agents and the server that they call. */
export interface Caching {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly sharing: CacheSharing;
  readonly lookups: LookupLogWriter;
  /** Makes a call of the mix and waits for its end. */
  call(call: number, agent?: number): Promise<CallEnd>;
  /** Makes it and does not wait. */
  begin(call: number, agent?: number): Promise<CallEnd>;
  /** Makes it at a time of the virtual clock. */
  callAt(atMs: Millis, call: number, agent?: number): Promise<CallEnd>;
  advanceTo(atMs: Millis): void;
  open(agents: readonly number[]): Promise<void>;
  close(): Promise<void>;
  /** What reached the server, in order: `tools/list`, `tools/list c2`, `resources/read x://1`. */
  sent(): readonly string[];
  counts(): CacheCounts;
  countsOf(method: MethodCounts['method']): MethodCounts;
}

export function caching({
  settings,
  calls = [LIST],
  answer,
  changes = [],
  seed = 1,
}: CachingOptions): Caching {
  const clock = new VirtualClock();
  const cache = { ...KEEP, ...settings };
  const tally = new CacheTally({
    load: { settings: cache, changes },
    methods: calls.map(({ method }) => method),
    checked: false,
  });
  const lookups = new LookupLogWriter();
  const sharing = new CacheSharing({ settings: cache, changes, tally, lookups, seed, worker: 0 });
  const driver = simulatedDriver(clock, ({ body }) =>
    treatmentOf(answer(requestIn(body), clock.now() / 1000)),
  );
  const agents = createAgents({
    era: 'stateless',
    calls,
    seed,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    after: (delay, wake) => clock.at(clock.now() + delay, wake),
    measureFromUs: 0,
    cache: sharing,
  });
  let seq = 0;
  const begin = (call: number, agent = 0): Promise<CallEnd> => {
    const arrival = { seq: seq++, dueUs: 0, agent, call };
    return new Promise((resolve) => agents.of(agent).call(arrival, resolve));
  };
  const call: Caching['call'] = async (...which) => {
    const end = begin(...which);
    await clock.run();
    return end;
  };
  const advanceTo = (atMs: Millis): void => clock.advance(atMs * 1000 - clock.now());
  return {
    clock,
    driver,
    sharing,
    lookups,
    begin,
    call,
    advanceTo,
    callAt(atMs, ...which) {
      advanceTo(atMs);
      return call(...which);
    },
    open: (indexes) => agents.open(indexes),
    close: () => agents.close(),
    sent: () => driver.sent.map(({ request }) => nameOf(requestIn(request.body))),
    counts: () => tally.counts(),
    countsOf: (method) => tally.counts().methods.find((one) => one.method === method)!,
  };
}

/** A complete result with these hints, made when the catalogue had changed `version` times. */
export const result = (
  ttlMs: unknown,
  more: Readonly<Record<string, unknown>> = {},
  version?: number,
): Answer => ({
  result: {
    resultType: 'complete',
    ttlMs,
    cacheScope: 'private',
    ...(version !== undefined && { _meta: { [CATALOGUE_VERSION_KEY]: version } }),
    ...more,
  },
});

/** A JSON-RPC error. */
export const rpcError = (code: number): Answer => ({ outcome: 'rpc-error', code });

function treatmentOf({ result: members, ...treatment }: Answer): Treatment {
  return {
    takesUs: 0,
    ...treatment,
    ...(members && { body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: members }) }),
  };
}

function requestIn(body: string): ServerRequest {
  const { method, params } = JSON.parse(body) as {
    readonly method: string;
    readonly params: { readonly cursor?: string; readonly name?: string; readonly uri?: string };
  };
  return { method, cursor: params.cursor, name: params.name ?? params.uri };
}

function nameOf({ method, cursor, name }: ServerRequest): string {
  const parameter = cursor ?? name;
  return parameter === undefined ? method : `${method} ${parameter}`;
}
