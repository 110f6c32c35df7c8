/** @module Result documents with figures of caching for the tests of the reports: a sweep of lifetimes, changes of the catalogue, a gateway, herds, and hostile names. */
import type { ResultDocument, Summary, VariantResult } from '../result/document.ts';
import type { CacheFigures, CacheMethodFigures, CurvePoint } from '../result/measure/cache-figures.ts';
import type { EffectiveSettings } from '../result/settings.ts';
import {
  type Behaviour,
  changed,
  DEMO,
  distributionOf,
  documentOf,
  EVEN,
  HOSTILE,
  once,
  onceFor,
} from './sample-document.case.ts';
import { type CacheRun, type CacheScene, runCaches } from './simulated-caches.case.ts';

/** One invented variant. */
interface Cacher extends CacheScene {
  readonly name: string;
  /** False: nothing is kept. */
  readonly honour: boolean;
  readonly jitter: number;
  readonly scope: 'public' | 'private';
  readonly mode?: string;
  readonly subscribe?: boolean;
  readonly maxStaleMs?: number;
}

const LISTS_PER_SECOND = 72;
/** Of all calls. */
const LIST_SHARE = 0.9;
const SECONDS = 20;
const REPETITIONS = 3;
const AGENTS = 24;
const LIST_BYTES = 48_200;
/** Of an answer of the origin, and of one from a cache. */
const ORIGIN_US = 2100;
const HIT_US = 12;
/** Lifetimes of the replayed curve. */
const CURVE_MS = [0, 100, 250, 500, 1000, 2000, 3000, 4000, 5000, 8000, 15_000, 30_000];
/** A saving is as good as the best from this share of it on. */
const ENOUGH = 0.98;

const NO_CACHE: Cacher = {
  name: 'no cache',
  honour: false,
  ttlMs: 5000,
  at: 'agent',
  jitter: 0,
  scope: 'private',
  agents: AGENTS,
  perSecond: LISTS_PER_SECOND,
  seconds: SECONDS,
  arrivals: 'poisson',
  seed: 1,
};

const keeping = (name: string, ttlMs: number, more: Partial<Cacher> = {}): Cacher => ({
  ...NO_CACHE,
  name,
  honour: true,
  ttlMs,
  ...more,
});

export const SWEEP: readonly Cacher[] = [
  NO_CACHE,
  keeping('ttl 250 ms', 250),
  keeping('ttl 1 s', 1000),
  keeping('ttl 5 s', 5000),
  keeping('ttl 30 s', 30_000),
];

/** Expected share of hits: lambda T / (1 + lambda T) for Poisson arrivals at each cache. */
function closedForm({ perSecond, agents, at }: Cacher, ttlMs: number): number {
  const product = ((at === 'gateway' ? perSecond : perSecond / agents) * ttlMs) / 1000;
  return product / (1 + product);
}

/** What caches with each lifetime of the curve make of the calls of each repetition. */
const replaysOf = onceFor((one: Cacher): readonly (readonly CacheRun[])[] =>
  CURVE_MS.map((ttlMs) =>
    Array.from({ length: REPETITIONS }, (_, at) =>
      runCaches({ ...one, ttlMs, jitter: 0, change: undefined, seed: one.seed + at }),
    ),
  ),
);

function curveOf(one: Cacher, repetitions: number): readonly CurvePoint[] {
  return CURVE_MS.map((ttlMs, place): CurvePoint => {
    const run = togetherOf(replaysOf(one)[place]!.slice(0, repetitions));
    return {
      ttlMs,
      hitRatio: run.hits / run.lookups,
      avoided: run.hits / run.lookups,
      closedForm: one.arrivals === 'poisson' ? closedForm(one, ttlMs) : null,
      originPerSecond: run.fetches / one.seconds / repetitions,
      meanAgeMs: run.agesMs.reduce((sum, age) => sum + age, 0) / run.lookups,
      maxAgeMs: Math.round(Math.max(0, ...run.agesMs)),
      peakOverMean: peakOf(run.originSteps).overMean,
    };
  });
}

function recommendationOf(one: Cacher, curve: readonly CurvePoint[]): CacheFigures['recommendation'] {
  const best = Math.max(...curve.map(({ avoided }) => avoided));
  const enough = curve.find(({ avoided }) => avoided >= best * ENOUGH)!;
  const { maxStaleMs } = one;
  const isBounded = maxStaleMs !== undefined && enough.ttlMs > maxStaleMs;
  const chosen = isBounded ? curve.findLast(({ ttlMs }) => ttlMs <= maxStaleMs)! : enough;
  return {
    ttlMs: chosen.ttlMs,
    hitRatio: chosen.hitRatio,
    avoided: chosen.avoided,
    best,
    maxStaleMs: maxStaleMs ?? null,
    isBounded,
  };
}

function peakOf(steps: readonly number[]): { readonly overMean: number; readonly perSecond: number } {
  const sum = steps.reduce((total, each) => total + each, 0);
  const most = Math.max(0, ...steps);
  return { overMean: sum === 0 ? 0 : most / (sum / steps.length), perSecond: most * 10 };
}

const spreadUs = (median: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => median * (0.7 + (0.6 * (at + 0.5)) / count));

/** All repetitions of a variant together, as one run that is three times as busy is not: steps and counts add up. */
function togetherOf(runs: readonly CacheRun[]): CacheRun {
  const sum = (key: 'lookups' | 'hits' | 'fetches'): number =>
    runs.reduce((total, run) => total + run[key], 0);
  const steps = (key: 'originSteps' | 'cachedSteps'): number[] =>
    runs[0]!.originSteps.map((_, at) => runs.reduce((total, run) => total + run[key][at]!, 0));
  const [first] = runs;
  return {
    lookups: sum('lookups'),
    hits: sum('hits'),
    fetches: sum('fetches'),
    agesMs: runs.flatMap(({ agesMs }) => agesMs),
    originSteps: steps('originSteps'),
    cachedSteps: steps('cachedSteps'),
    ...(first!.change && { change: first!.change }),
  };
}

function methodOf(one: Cacher, { lookups, hits, fetches, agesMs }: CacheRun): CacheMethodFigures {
  return {
    calls: lookups,
    hits,
    waits: 0,
    stale: 0,
    fetches,
    reasons: { [one.honour ? 'expired' : 'off']: fetches },
    failed: 0,
    hitRatio: hits / lookups,
    listTime: distributionOf([...spreadUs(HIT_US, hits), ...spreadUs(ORIGIN_US, fetches)]),
    originTime: distributionOf(spreadUs(ORIGIN_US, fetches)),
    age: hits === 0 ? null : distributionOf(agesMs.map((age) => age * 1000)),
    fetchedBytes: fetches * LIST_BYTES,
    sparedBytes: hits * LIST_BYTES,
    largestBytes: LIST_BYTES,
    ttlMs: { min: one.ttlMs, max: one.ttlMs },
    ttlForms: { [one.ttlMs === 0 ? 'zero' : 'ok']: fetches },
    scopes: { [one.scope]: fetches },
  };
}

function gainOf(one: Cacher, perSecond: number): CacheFigures['gain'] {
  if (!one.honour) return null;
  const difference = (base: number, value: number, half: number) => ({
    base,
    value,
    low: value - base - half,
    high: value - base + half,
  });
  const saved = 1 - perSecond / one.perSecond;
  return {
    base: NO_CACHE.name,
    pairs: REPETITIONS,
    originPerSecond: difference(one.perSecond, perSecond, 1.4),
    listP50Us: difference(ORIGIN_US, saved > 0.5 ? HIT_US : ORIGIN_US * 0.98, 60),
    listP99Us: difference(2780, 2770, 90),
    callP50Us: difference(1900, 1900 - 420 * saved, 70),
    callP99Us: difference(6400, 6400 - 1900 * saved, 450),
    fleetCores: difference(0.52, 0.52 - 0.41 * saved, 0.02),
  };
}

function figuresOf(one: Cacher, runs: readonly CacheRun[]): CacheFigures {
  const all = togetherOf(runs);
  const curve = curveOf(one, runs.length);
  const perSecond = all.fetches / one.seconds / runs.length;
  const peak = peakOf(all.originSteps);
  const { change } = all;
  return {
    honour: one.honour,
    at: one.at,
    hits: all.hits,
    misses: all.fetches,
    hitRatio: all.hits / all.lookups,
    byMethod: { 'tools/list': methodOf(one, all) },
    originCalls: all.fetches,
    originCallsAvoided: all.hits,
    originPerSecond: perSecond,
    bytesAvoided: all.hits * LIST_BYTES,
    listTime: methodOf(one, all).listTime,
    originTime: methodOf(one, all).originTime,
    ageServedMaxMs: all.hits === 0 ? null : Math.round(Math.max(...all.agesMs)),
    servedAfterChange: change ? change.old / change.answered : null,
    staleMaxMs: change ? (change.lastOldMs ?? 0) : null,
    lastAgentMs: change ? change.lastAgentMs : null,
    peakOverMean: peak.overMean,
    peakPerSecond: peak.perSecond / runs.length,
    peakAtMs: all.originSteps.indexOf(Math.max(...all.originSteps)) * 100,
    atPeak: null,
    failedByStaleList: change && one.subscribe !== true ? Math.round(change.old / 9) : 0,
    uncheckedHits: one.at === 'gateway' ? all.hits : 0,
    evicted: 0,
    invalidated: change && one.subscribe === true ? one.agents : 0,
    pagesDropped: 0,
    agentRatios: one.honour
      ? {
          p5: (0.86 * all.hits) / all.lookups,
          p50: all.hits / all.lookups,
          p95: Math.min(1, (1.04 * all.hits) / all.lookups),
        }
      : null,
    originSteps: [...all.originSteps],
    cachedSteps: [...all.cachedSteps],
    changes: change
      ? [
          {
            what: 'tools',
            notify: one.subscribe === true,
            fanOut: one.subscribe === true ? distributionOf(spreadUs(9000, one.agents)) : null,
            ...change,
            steps: [...change.steps],
          },
        ]
      : [],
    subscriptions:
      one.subscribe === true
        ? {
            held: one.agents,
            refused: 0,
            reduced: 0,
            lost: 0,
            reopened: 0,
            notifications: one.agents,
            misaddressed: 0,
          }
        : null,
    curve: [...curve],
    recommendation: recommendationOf(one, curve),
    gain: gainOf(one, perSecond),
  };
}

const callsPerSecond = ({ perSecond }: Cacher): number => Math.round(perSecond / LIST_SHARE);

const behaviourOf = (one: Cacher): Behaviour => ({
  ...DEMO[3]!,
  name: one.name,
  medianUs: one.honour ? 1900 - 100 * Math.min(4, one.ttlMs / 1000) : 1900,
  weights: EVEN.slice(0, 2),
  perSecond: callsPerSecond(one),
  seconds: one.seconds,
  listShare: LIST_SHARE,
});

function settingsOf(one: Cacher): EffectiveSettings {
  const hint = { ttlMs: one.ttlMs, cacheScope: one.scope };
  return {
    load: {
      shape: { kind: 'rate', perSecond: callsPerSecond(one) },
      arrivals: one.arrivals === 'poisson' ? 'poisson' : 'constant',
      warmupUs: one.seconds * 1e6,
      durationUs: one.seconds * 1e6,
      agents: one.agents,
      connections: 64,
      timeoutUs: 5_000_000,
      driver: 'wire',
      workers: 1,
      maxInFlight: 10_000,
      checkIds: true,
    },
    fleet: {
      server: 'lean',
      command: null,
      era: 'stateless',
      instances: 2,
      tools: null,
      offer: { resources: 0, resourceBytes: 0, templates: 0, prompts: 0, hints: { 'tools/list': hint } },
    },
    balancer: { engine: 'embedded', policy: 'round-robin' },
    ...(one.mode !== undefined && {
      auth: {
        mode: one.mode,
        algorithm: 'ES256',
        policy: 'none',
        revocation: 'expiry',
        cacheTtlUs: 2e6,
        lifetimeUs: 3600e6,
        per: 'agent',
        graceUs: 100_000,
      },
    }),
    cache: {
      honour: one.honour,
      at: one.at,
      singleFlight: false,
      jitter: one.jitter,
      staleIfErrorUs: 0,
      subscribe: one.subscribe ?? false,
      ...(one.maxStaleMs !== undefined && { maxStaleUs: one.maxStaleMs * 1000 }),
    },
  };
}

/** The figures of a variant, of each repetition and of all together. */
const allFiguresOf = onceFor((one: Cacher) => {
  const runs = Array.from({ length: REPETITIONS }, (_, at) =>
    runCaches({ ...one, ttlMs: one.honour ? one.ttlMs : 0, seed: one.seed + at }),
  );
  return { each: runs.map((run) => figuresOf(one, [run])), all: figuresOf(one, runs) };
});

function withFigures(variant: VariantResult, one: Cacher, change: (cache: CacheFigures) => CacheFigures) {
  const { each, all } = allFiguresOf(one);
  const added = <S extends Summary>(summary: S, cache: CacheFigures): S => ({
    ...summary,
    cache: change(cache),
  });
  return {
    ...variant,
    settings: { ...variant.settings, effective: settingsOf(one) },
    repetitions: variant.repetitions.map((repetition, at) => added(repetition, each[at]!)),
    summary: variant.summary && added(variant.summary, all),
  };
}

/** Variants with these calls, before they have figures of caching. */
const callsOf = onceFor((behaviours: readonly Behaviour[]) => documentOf(behaviours, REPETITIONS));

/** A document of these variants; `change` alters the figures of one. */
export function cacheDocument(
  cachers: readonly Cacher[],
  change: (cache: CacheFigures, place: number) => CacheFigures = (cache) => cache,
): ResultDocument {
  const document = changed(callsOf(cachers.map(behaviourOf)), (variant, place) =>
    withFigures(variant, cachers[place]!, (cache) => change(cache, place)),
  );
  return { ...document, profile: { ...document.profile, title: 'What ttlMs saves' } };
}

/** One list that is kept for nothing, 250 ms, 1 s, 5 s and 30 s. */
export const sweep = once(() => cacheDocument(SWEEP));

/** Off against on. */
export const oneCache = once(() => cacheDocument([NO_CACHE, keeping('ttl 5 s', 5000)]));

/** The list changes after 8 s: agents are told, or find out when their entries expire. */
export const changes = once(() => {
  const change = { atMs: 8000, confirmedMs: 20 };
  return cacheDocument([
    { ...NO_CACHE, change },
    keeping('told by nobody', 5000, { change }),
    keeping('told of changes', 5000, { change: { ...change, noticedMs: 32 }, subscribe: true }),
  ]);
});

/** One cache for all agents in the balancer, before instances that check tokens. */
export const gateway = once(() =>
  cacheDocument([
    { ...NO_CACHE, mode: 'jwt' },
    keeping('kept by agents', 1000, { mode: 'jwt' }),
    keeping('kept by the gateway', 1000, { at: 'gateway', scope: 'public', mode: 'jwt' }),
  ]),
);

/** Agents that ask ten times a second and were started together. */
export const herds = once(() => {
  const polling = { arrivals: 'together' as const, agents: 64, perSecond: 640, seconds: 6 };
  return cacheDocument([
    { ...NO_CACHE, ...polling },
    keeping('no protection', 2000, polling),
    keeping('jitter of 10 %', 2000, { ...polling, jitter: 0.1 }),
  ]);
});

/** Names of variants, methods and changes that try to break out of every format. */
export const hostileCaches = once(() =>
  cacheDocument([NO_CACHE, keeping(HOSTILE, 5000, { change: { atMs: 8000, confirmedMs: 20 } })], (cache) => ({
    ...cache,
    byMethod: { [HOSTILE]: cache.byMethod['tools/list']! },
    changes: cache.changes.map((each) => ({ ...each, what: HOSTILE })),
    gain: cache.gain && { ...cache.gain, base: HOSTILE },
  })),
);
