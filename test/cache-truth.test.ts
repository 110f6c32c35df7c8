/** @module Measured, replayed and in closed form: what the caches of simulated agents give is what the curve of the same calls says. On a virtual clock. */
import { describe, expect, it } from 'vitest';
import { herdPeak } from '../src/cache/closed-form.ts';
import { type RunPoint, replayRun } from '../src/cache/replay-run.ts';
import { caching, readOf, result } from '../src/generator/agent/cache-layer.case.ts';
import { createSchedule } from '../src/generator/schedule/schedule.ts';
import type { CacheSettings, LoadSettings } from '../src/profile/settings.ts';

const SECONDS = 60;
const TAKES_US = 500;

interface Setup {
  readonly perSecond: number;
  readonly agents: number;
  readonly ttlMs: number;
  readonly seconds?: number;
  readonly arrivals?: LoadSettings['arrivals'];
  readonly uris?: number;
  readonly settings?: Partial<CacheSettings>;
}

interface Truth {
  /** In per cent. */
  readonly measured: number;
  readonly replayed: number;
  readonly closed: number;
  readonly originSteps: readonly number[];
}

/** Random calls of reads, the first URI as often as the others together, and so on. */
async function truth(setup: Setup): Promise<Truth> {
  const { perSecond, agents, ttlMs, seconds = SECONDS, arrivals = 'poisson', uris = 1 } = setup;
  const calls = Array.from({ length: uris }, (_, place) => readOf(`x://${place}`));
  const answer = () => ({ ...result(ttlMs), takesUs: TAKES_US });
  const load = caching({ calls, answer, ...(setup.settings && { settings: setup.settings }) });
  const schedule = createSchedule({
    load: {
      shape: { kind: 'rate', perSecond },
      arrivals,
      warmupUs: 0,
      durationUs: seconds * 1e6,
      agents,
    } as LoadSettings,
    weights: calls.map((_, place) => 1 / (place + 1)),
    seed: 1,
    worker: 0,
    workers: 1,
    resident: true,
  });
  load.lookups.begin(0);
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) {
    load.clock.advance(next.dueUs - load.clock.now());
    void load.begin(next.call, next.agent);
  }
  await load.clock.run();
  const { methods, originSteps } = load.counts();
  const { hits, fetches } = methods[0]!;
  const fetched = Object.values(fetches).reduce((sum, count) => sum + count, 0);
  const { points } = replayRun(load.lookups.log(), {
    settings: { at: 'agent', singleFlight: false, jitter: 0, ...setup.settings },
    privateMethods: new Set(),
    arrivals: arrivals === 'poisson' ? { kind: 'poisson' } : { kind: 'even', everyUs: 1e6 / perSecond },
    weights: new Array<number>(agents).fill(1),
    measuredUs: seconds * 1e6,
    plannedUs: seconds * 1e6,
    fetchUs: TAKES_US,
    ttlsMs: [ttlMs],
    seed: 1,
  });
  const point: RunPoint = points.find((one) => one.ttlMs === ttlMs)!;
  return {
    measured: (100 * hits) / (hits + fetched),
    replayed: (100 * point.hits) / point.lookups,
    closed: (100 * (point.closedHits ?? Number.NaN)) / point.lookups,
    originSteps,
  };
}

const cases = [1, 10, 40].flatMap((agents) =>
  [100, 250, 500, 1000, 2000].map((ttlMs) => [agents, ttlMs] as const),
);

describe('caches of agents', () => {
  it.each(cases)(
    'of which there are %i hit for %i ms as replayed and as the closed form says',
    async (agents, ttlMs) => {
      const { measured, replayed, closed } = await truth({ perSecond: 200, agents, ttlMs });
      expect(Math.abs(measured - replayed)).toBeLessThan(1);
      expect(Math.abs(measured - closed)).toBeLessThan(1.5);
    },
  );

  it.each([70, 250, 990])('hit for %i ms as evenly spaced calls allow', async (ttlMs) => {
    const setup = { perSecond: 10, agents: 1, ttlMs, arrivals: 'constant', seconds: 200 } as const;
    const { measured, replayed, closed } = await truth(setup);
    expect(Math.abs(measured - replayed)).toBeLessThan(1);
    expect(Math.abs(measured - closed)).toBeLessThan(1.5);
  });

  it.each([500, 3000])('that make room for others hit for %i ms as Che has it', async (ttlMs) => {
    const setup = { perSecond: 400, agents: 2, ttlMs, uris: 100, settings: { capacity: 25 } };
    const { measured, replayed, closed } = await truth(setup);
    expect(Math.abs(measured - replayed)).toBeLessThan(1);
    expect(Math.abs(measured - closed)).toBeLessThan(1.5);
    const { measured: withRoom } = await truth({ ...setup, settings: {} });
    expect(withRoom - measured).toBeGreaterThan(1);
  });

  it('that start together ask together, and at the next expiry as the Erlang form says', async () => {
    const [agents, perAgent] = [2000, 1];
    const { originSteps } = await truth({ perSecond: agents * perAgent, agents, ttlMs: 8000, seconds: 15 });
    const peak = (from: number, to: number): number => Math.max(...originSteps.slice(from, to)) * 10;
    for (const [generation, measured] of [
      [1, peak(0, 40)],
      [2, peak(80, 150)],
    ] as const) {
      const expected = herdPeak(agents, perAgent, generation);
      // The mean of 100 ms is a little below the peak of a moment, and the largest of many counts is above their mean.
      expect(measured / expected).toBeGreaterThan(0.85);
      expect(measured / expected).toBeLessThan(1.3);
    }
  });
});
