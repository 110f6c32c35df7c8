import { describe, expect, it } from 'vitest';
import { randomAt } from '../units/random.ts';
import type { Lookups } from './lookups.ts';
import { type LoggedRun, type RunPoint, replayRun, ttlGrid } from './replay-run.ts';

const NAMES = ['tools/list', 'resources/list', 'resources/read a', 'resources/read b', 'resources/read c'];
const SECONDS = 50;
const AGENTS = 20;

/** Calls at 1000/s for the measured time after as long a warm-up; the names after the first are called half as often, each after another. */
function lookupsOf(next: () => number, agents = AGENTS): Lookups {
  const random = randomAt(3, 'call');
  const all: (readonly [number, number, number])[] = [];
  for (let at = -SECONDS; ; ) {
    at += next();
    if (at >= SECONDS) break;
    const key = NAMES.findIndex((_, place) => place === NAMES.length - 1 || random.next() < 0.5);
    all.push([Math.floor(at * 1e5), random.below(agents), key]);
  }
  return {
    at10Us: Int32Array.from(all, ([at]) => at),
    agents: Uint32Array.from(all, ([, agent]) => agent),
    keys: Uint16Array.from(all, ([, , key]) => key),
    names: NAMES,
    measuredFrom: all.findIndex(([at]) => at >= 0),
  };
}

const draws = randomAt(1, 'arrival');
const poisson = lookupsOf(() => -Math.log(1 - draws.next()) / 1000);
const even = lookupsOf(() => 1 / 1000);

const shortLog: Lookups = {
  at10Us: Int32Array.from([0, 10, 20]),
  agents: new Uint32Array(3),
  keys: Uint16Array.from([0, 1, 0]),
  names: NAMES,
  measuredFrom: 0,
};

const run = (over: Partial<LoggedRun> = {}, settings: Partial<LoggedRun['settings']> = {}): LoggedRun => ({
  settings: { at: 'agent', singleFlight: false, jitter: 0, ...settings },
  privateMethods: new Set(),
  arrivals: { kind: 'poisson' },
  weights: new Array<number>(AGENTS).fill(1),
  measuredUs: SECONDS * 1e6,
  plannedUs: SECONDS * 1e6,
  fetchUs: 2000,
  ttlsMs: [],
  seed: 1,
  ...over,
});

/** The largest difference between what was replayed and the closed form, in percentage points; of lifetimes that the run has many of. */
function largestDifference(points: readonly RunPoint[]): number {
  const of = points.filter(({ ttlMs, closedHits }) => closedHits !== null && ttlMs < (SECONDS * 1000) / 10);
  expect(of.length).toBeGreaterThan(20);
  return Math.max(
    ...of.map(({ hits, closedHits, lookups }) => (100 * Math.abs(hits - closedHits!)) / lookups),
  );
}

describe('the curve of a run', () => {
  it.each<[string, Partial<LoggedRun['settings']>, Partial<LoggedRun>]>([
    ['at agents', {}, {}],
    ['at a gateway', { at: 'gateway' }, {}],
    ['at a gateway with private results', { at: 'gateway' }, { privateMethods: new Set(['resources/read']) }],
    ['with single flight', { singleFlight: true }, { fetchUs: 50_000 }],
    ['with slow fetches', {}, { fetchUs: 50_000 }],
    ['with jitter', { jitter: 0.5 }, {}],
    ['with a capacity', { at: 'gateway', capacity: 30 }, { privateMethods: new Set(['resources/read']) }],
  ])('is within 1.5 points of the closed form of Poisson calls %s', (_, settings, over) => {
    const { at, points } = replayRun(poisson, run(over, settings));
    expect(at).toBe(settings.at ?? 'agent');
    expect(largestDifference(points)).toBeLessThan(1.5);
  });

  it('is within 1.5 points of the closed form of evenly spaced calls', () => {
    const arrivals = { kind: 'even', everyUs: 1000 } as const;
    for (const at of ['agent', 'gateway'] as const) {
      const { points } = replayRun(even, run({ arrivals, fetchUs: 200 }, { at }));
      expect(largestDifference(points)).toBeLessThan(1.5);
    }
  });

  it('tells evenly spaced calls of one agent from Poisson calls', () => {
    const times = Int32Array.from({ length: 2000 }, (_, i) => 1000 * (i - 1000));
    const lookups = {
      at10Us: times,
      agents: new Uint32Array(2000),
      keys: new Uint16Array(2000),
      names: ['tools/list'],
      measuredFrom: 1000,
    };
    const arrivals = { kind: 'even', everyUs: 10_000 } as const;
    const { points } = replayRun(
      lookups,
      run({ arrivals, weights: [1], measuredUs: 10e6, fetchUs: 0, ttlsMs: [19, 25] }),
    );
    const ratioAt = (ttl: number): readonly (number | null)[] =>
      points.flatMap(({ ttlMs, hits, closedHits }) =>
        ttlMs === ttl ? [hits / 1000, closedHits! / 1000] : [],
      );
    expect(ratioAt(19)).toEqual([0.5, 0.5]);
    expect(ratioAt(25)[0]).toBeCloseTo(2 / 3, 2);
    expect(ratioAt(25)[1]).toBeCloseTo(2 / 3, 10);
  });

  it('follows the weights of agents that call unevenly', () => {
    const weights = Float64Array.from({ length: 50 }, (_, agent) => 1 / (agent + 1));
    const upTo = weights.map((_, agent) =>
      weights.slice(0, agent + 1).reduce((sum, weight) => sum + weight, 0),
    );
    const random = randomAt(5, 'agent');
    const agents = poisson.agents.map(() => {
      const draw = random.next() * upTo.at(-1)!;
      return upTo.findIndex((bound) => draw < bound);
    });
    const lookups = { ...poisson, agents };
    expect(largestDifference(replayRun(lookups, run({ weights })).points)).toBeLessThan(1.5);
    const evenly = run({ weights: new Array<number>(50).fill(1) });
    expect(largestDifference(replayRun(lookups, evenly).points)).toBeGreaterThan(3);
  });

  it.each<[string, Partial<LoggedRun['settings']>, LoggedRun['arrivals']]>([
    ['calls in stages', {}, undefined],
    ['evenly spaced calls with jitter', { jitter: 0.1 }, { kind: 'even', everyUs: 1000 }],
    ['evenly spaced calls with a capacity', { capacity: 1 }, { kind: 'even', everyUs: 1000 }],
  ])('has no closed form for %s', (_, settings, arrivals) => {
    const { points } = replayRun(shortLog, run({ arrivals }, settings));
    expect(points.every(({ closedHits }) => closedHits === null)).toBe(true);
  });
});

describe('the lifetimes of a curve', () => {
  it('are 50 from 10 ms to the length of the run, and those of interest', () => {
    const grid = ttlGrid(30e6, [1000, 0, 60_000]);
    expect(grid).toHaveLength(53);
    expect(grid.slice(0, 2)).toEqual([0, 10]);
    expect(grid.slice(-2)).toEqual([30_000, 60_000]);
    expect(grid).toContain(1000);
    expect([...grid].sort((a, b) => a - b)).toEqual(grid);
    expect(ttlGrid(5000, [])).toEqual([10]);
  });
});
