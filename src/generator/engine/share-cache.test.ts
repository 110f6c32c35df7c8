import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver } from '../../driver/simulated.case.ts';
import type { CacheSettings, LoadSettings } from '../../profile/settings.ts';
import { CATALOGUE_VERSION_KEY } from '../../protocol/caching/hints.ts';
import { type LookupLog, mergeLookupLogs } from '../../recording/lookup-log.ts';
import { cache as measure } from '../../recording/measure/cache.ts';
import type { CacheCounts, MethodCounts } from '../../recording/measure/cache-counts.ts';
import { connectionWait } from '../../recording/measure/connection-wait.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import { countsOf, mergeRecordings, type Recording } from '../../recording/recording.ts';
import { mergeSentLogs, SENT, type SentLog, SentLogWriter } from '../../recording/sent-log.ts';
import type { Micros, Millis, PerSecond } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from '../agent/agents.ts';
import { KEEP, LIST } from '../agent/cache-layer.case.ts';
import { createSchedule } from '../schedule/schedule.ts';
import type { LoadCache } from './load-cache.ts';
import { startLoop } from './loop.ts';
import { ShareCache } from './share-cache.ts';

const SECOND: Micros = 1e6;
const TAKES: Micros = 500;
/** When the clock of the engine was 0. */
const ORIGIN: Millis = 1_700_000_000_000;

interface Setup {
  readonly settings?: Partial<CacheSettings>;
  readonly perSecond: PerSecond;
  readonly agents: number;
  readonly ttlMs: Millis;
  readonly arrivals?: 'poisson' | 'constant';
  readonly seconds?: number;
  readonly changes?: LoadCache['changes'];
  /** Changes of the catalogue, from the start of the measured time. */
  readonly changedAt?: readonly Micros[];
}

interface Loaded {
  readonly recording: Recording;
  readonly counts: CacheCounts;
  readonly lists: MethodCounts;
  readonly lookups: LookupLog;
  readonly sent: SentLog;
  readonly requests: number;
}

const WARMUP: Micros = 5 * SECOND;

/** The share of one worker. */
async function share(
  setup: Setup,
  worker: number,
  workers: number,
): Promise<Omit<Loaded, 'counts' | 'lists'>> {
  const { perSecond, agents: count, ttlMs, arrivals = 'poisson', seconds = 60, changes = [] } = setup;
  const clock = new VirtualClock();
  const { changedAt = [] } = setup;
  const versionAt = (atUs: Micros): number => changedAt.filter((at) => atUs >= WARMUP + at).length;
  const driver: SimulatedDriver = simulatedDriver(clock, (_, atUs) => ({
    takesUs: TAKES,
    servedBy: 'i-1',
    body: JSON.stringify({
      id: 1,
      result: { ttlMs, cacheScope: 'private', _meta: { [CATALOGUE_VERSION_KEY]: versionAt(atUs) } },
    }),
  }));
  const settings = { ...KEEP, ...setup.settings };
  const durationUs = seconds * SECOND;
  const load = {
    shape: { kind: 'rate', perSecond },
    arrivals,
    warmupUs: WARMUP,
    durationUs,
    agents: count,
  } as LoadSettings;
  const plan = {
    era: 'stateless',
    calls: [LIST],
    cache: { settings, changes, keepsLookupLog: true },
    seed: 1,
    worker,
  } as const;
  const tallies = new Tallies(plan);
  const caches = new ShareCache(plan, ORIGIN, tallies);
  const sentLog = new SentLogWriter();
  const agents = createAgents({
    era: 'stateless',
    calls: [LIST],
    seed: 1,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: WARMUP,
    cache: caches.sharing,
  });
  caches.begin(WARMUP);
  for (const [index, atUs] of changedAt.entries()) {
    const update = {
      kind: 'catalogue',
      version: index + 1,
      atEpochMs: ORIGIN + (WARMUP + atUs) / 1000,
    } as const;
    // Messages take a while.
    clock.at(WARMUP + atUs + 3000, () => {
      caches.update({ ...update, stage: 'begun' });
      caches.update({ ...update, stage: 'confirmed' });
    });
  }
  const recorder = new Recorder({ calls: ['list'], startUs: WARMUP, warmupUs: WARMUP, durationUs, tallies });
  const loop = startLoop({
    schedule: createSchedule({ load, weights: [1], seed: 1, worker, workers, resident: true }),
    agents,
    recorder,
    clock,
    startUs: 0,
    endUs: WARMUP + durationUs,
    maxInFlight: 1e6,
    sentLog,
  });
  await clock.run();
  await loop.finished;
  const recording = recorder.close({ endUs: clock.now() });
  return { recording, lookups: caches.log()!, sent: sentLog.log(), requests: driver.sent.length };
}

async function loaded(setup: Setup, workers = 1): Promise<Loaded> {
  const shares = [];
  for (let worker = 0; worker < workers; worker += 1) shares.push(await share(setup, worker, workers));
  const recording = mergeRecordings(shares.map((one) => one.recording));
  const counts = countsOf(recording, measure)!;
  return {
    recording,
    counts,
    lists: counts.methods[0]!,
    lookups: mergeLookupLogs(shares.map((one) => one.lookups)),
    sent: mergeSentLogs(shares.map((one) => one.sent)),
    requests: shares.reduce((sum, one) => sum + one.requests, 0),
  };
}

const fetchesIn = ({ fetches }: MethodCounts): number =>
  Object.values(fetches).reduce((sum, count) => sum + count, 0);
const hitRatio = (lists: MethodCounts): number => lists.hits / (lists.hits + fetchesIn(lists));

describe('a load of agents with caches', () => {
  it('counts what a cache gave as a call that ended ok, and in no figure of the wire', async () => {
    const { recording, counts, lists, lookups, sent, requests } = await loaded({
      perSecond: 200,
      agents: 10,
      ttlMs: 500,
    });
    const [call] = recording.byCall;
    const fetched = fetchesIn(lists);
    expect(lists.hits).toBeGreaterThan(1000);
    expect(recording.outcomes.ok).toBe(call!.due);
    expect(call!.due).toBe(lists.hits + fetched);
    expect(call!.okResponseTime.count).toBe(call!.due);
    expect(call!.serviceTime.count).toBe(fetched);
    expect(recording.sendLag.count).toBe(fetched);
    expect(countsOf(recording, connectionWait)!.count).toBe(fetched);
    expect(recording.byInstance[0]!.calls).toBe(fetched);
    expect(lists.originTime).toMatchObject({ count: fetched, maxUs: TAKES });
    expect(lists.listTime.count).toBe(call!.due);
    // The logs have the warm-up, too.
    expect([...sent.outcomes].filter((outcome) => outcome === SENT.allowed)).toHaveLength(requests);
    expect(lookups.at10Us.length - lookups.measuredFrom).toBe(call!.due);
    expect(lookups.at10Us[lookups.measuredFrom - 1]).toBeLessThan(0);
    expect(counts.originSteps.reduce((sum, step) => sum + step)).toBe(fetched);
    expect(counts.cachedSteps.reduce((sum, step) => sum + step)).toBe(lists.hits);
    expect(counts.agentRatios.reduce((sum, agents) => sum + agents)).toBe(10);
  });

  it('serves nothing that is as old as its ttlMs', async () => {
    const { lists } = await loaded({ perSecond: 500, agents: 2, ttlMs: 300 });
    expect(lists.age.maxUs).toBeLessThan(300_000);
    expect(lists.age.maxUs).toBeGreaterThan(290_000);
  });

  it.each<[number, number, Millis]>([
    [100, 100, 250],
    [100, 50, 500],
    [200, 100, 1000],
    [300, 100, 3000],
    [400, 40, 900],
  ])(
    'hits at %i/s of %i agents with %i ms as the theory of renewals has it',
    async (perSecond, agents, ttlMs) => {
      const { lists } = await loaded({ perSecond, agents, ttlMs, seconds: 120 });
      const product = (perSecond / agents) * (ttlMs / 1000);
      expect(Math.abs(hitRatio(lists) - product / (1 + product))).toBeLessThan(0.015);
      // A cache that each hit renews would give this.
      expect(Math.abs(hitRatio(lists) - (1 - Math.exp(-product)))).toBeGreaterThan(0.015);
    },
  );

  it.each([70, 250, 990, 1010])(
    'hits of one agent that asks every 100 ms with %i ms as whole periods allow',
    async (ttlMs) => {
      const { lists } = await loaded({ perSecond: 10, agents: 1, ttlMs, arrivals: 'constant' });
      // An answer is there a little after it was asked for, and so is its end.
      const periods = Math.floor((ttlMs + TAKES / 1000) / 100);
      expect(hitRatio(lists)).toBeCloseTo(periods / (1 + periods), 2);
    },
  );

  it('that keep nothing counts the same calls, all of them fetched', async () => {
    const setup = { perSecond: 100, agents: 10, ttlMs: 1000 };
    const [off, on] = [await loaded({ ...setup, settings: { honour: false } }), await loaded(setup)];
    expect(off.lookups).toEqual(on.lookups);
    expect(off.lists).toMatchObject({ hits: 0, ttl: { ok: off.recording.byCall[0]!.due } });
    expect(off.lists.fetches.off).toBe(off.recording.byCall[0]!.due);
    expect(off.recording.byCall[0]!.due).toBe(on.recording.byCall[0]!.due);
  });

  it('gives with ttlMs 0 what one without caches gives', async () => {
    const setup = { perSecond: 100, agents: 10, ttlMs: 0, seconds: 10 };
    const [off, on] = [await loaded({ ...setup, settings: { honour: false } }), await loaded(setup)];
    expect(on.recording.byCall).toEqual(off.recording.byCall);
    expect(on.sent).toEqual(off.sent);
  });

  it.each<[string, Partial<CacheSettings>]>([
    ['at the agent', {}],
    ['nowhere', { honour: false }],
  ])('on several threads counts as on one (kept %s)', async (_, settings) => {
    const changes = [{ event: 0, what: 'tools', notify: false }] as const;
    const setup = { settings, perSecond: 200, agents: 12, ttlMs: 2000, changes, changedAt: [20 * SECOND] };
    const [one, three] = [await loaded(setup), await loaded(setup, 3)];
    expect(three.counts).toEqual(one.counts);
    expect(three.recording.outcomes).toEqual(one.recording.outcomes);
    expect([...three.sent.outcomes]).toEqual([...one.sent.outcomes]);
    expect([...three.lookups.at10Us]).toEqual([...one.lookups.at10Us]);
  });
});

describe('a change of the catalogue', () => {
  const changes = [{ event: 3, what: 'tools', notify: false }] as const;
  const setup = { perSecond: 200, agents: 20, ttlMs: 2000, changes, changedAt: [20 * SECOND] };

  it('is served late for no longer than ttlMs, and every agent gets it in the end', async () => {
    const [change] = (await loaded(setup)).counts.changes;
    expect(change).toMatchObject({
      version: 1,
      event: 3,
      atUs: 20 * SECOND,
      confirmedUs: 0,
      agents: 20,
      reached: 20,
    });
    expect(change!.old).toBeGreaterThan(50);
    expect(change!.lastOldUs).toBeLessThan(2 * SECOND);
    expect(change!.lastOldUs).toBeGreaterThan(1.5 * SECOND);
    expect(change!.lastAgentUs).toBeGreaterThan(change!.lastOldUs! - 0.2 * SECOND);
    expect(change!.answered).toBeGreaterThan(40 * 190);
    const steps = new Map(change!.steps.map((step) => [step.step, step]));
    expect([...steps.keys()].at(0)).toBe(-10);
    expect(steps.get(-1)).toMatchObject({ current: 0 });
    expect(steps.get(25)).toMatchObject({ old: 0 });
  });

  it('is served at once where nothing is kept', async () => {
    const [change] = (await loaded({ ...setup, settings: { honour: false } })).counts.changes;
    expect(change).toMatchObject({ old: 0, lastOldUs: null, agents: 20, reached: 20 });
  });

  it('that was not made is not counted', async () => {
    expect((await loaded({ ...setup, changedAt: [] })).counts.changes).toEqual([]);
  });

  it('of something else does not concern the answers', async () => {
    const other = [{ event: 0, what: 'prompts', notify: false }] as const;
    const [change] = (await loaded({ ...setup, changes: other })).counts.changes;
    expect(change).toMatchObject({ answered: 0, old: 0, agents: 0 });
  });
});
