import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomAt } from '../units/random.ts';
import type { Lookups } from './lookups.ts';
import { type Replayed, replay } from './replay.ts';
import { ResponseCache } from './response-cache.ts';
import type { VirtualCaches } from './virtual-caches.ts';

/** When, by which agent, for which name. */
type Lookup = readonly [at10Us: number, agent: number, key: number];

const NAMES = ['tools/list', 'resources/list', 'resources/read a', 'resources/read b'];

function lookupsOf(all: readonly Lookup[], names = NAMES): Lookups {
  const from = all.findIndex(([at]) => at >= 0);
  return {
    at10Us: Int32Array.from(all, ([at]) => at),
    agents: Uint32Array.from(all, ([, agent]) => agent),
    keys: Uint16Array.from(all, ([, , key]) => key),
    names,
    measuredFrom: from < 0 ? all.length : from,
  };
}

const CACHES: VirtualCaches = {
  at: 'agent',
  privateMethods: new Set(),
  singleFlight: false,
  jitter: 0,
  fetchUs: 0,
  seed: 1,
};

const one = (all: readonly Lookup[], ttlMs: number, over: Partial<VirtualCaches> = {}): Replayed =>
  replay(lookupsOf(all), [ttlMs], { ...CACHES, ...over })[0]!;

/** The same, call by call through the caches that agents and gateway have. */
function driven(all: readonly Lookup[], ttlMs: number, options: VirtualCaches): Replayed {
  const { at, privateMethods, capacity, jitter, singleFlight, fetchUs, seed } = options;
  const random = randomAt(seed, 'cache');
  const caches = new Map<string, ResponseCache<string>>();
  let underWay: { readonly id: string; readonly sentUs: number; answer(): void }[] = [];
  const peaks = new Map<number, number>();
  let [lookups, hits, fetches, ageSumUs, ageMaxUs] = [0, 0, 0, 0, 0];
  for (const [at10Us, agent, key] of all) {
    const nowUs = at10Us * 10;
    for (const { answer } of underWay.filter(({ sentUs }) => sentUs + fetchUs <= nowUs)) answer();
    underWay = underWay.filter(({ sentUs }) => sentUs + fetchUs > nowUs);
    const owner = at === 'agent' ? `agent ${agent}` : 'gateway';
    const cache = caches.get(owner) ?? new ResponseCache<string>({ capacity, jitter, random });
    caches.set(owner, cache);
    const name = NAMES[key]!;
    const scope = privateMethods.has(name.split(' ')[0]!) ? ('private' as const) : ('public' as const);
    const found = cache.find(name, String(agent), nowUs);
    const measured = nowUs >= 0 ? 1 : 0;
    lookups += measured;
    const id = `${owner} ${name} ${scope === 'private' ? agent : ''}`;
    if (typeof found === 'object') {
      hits += measured;
      ageSumUs += measured * (nowUs - found.receivedUs);
      ageMaxUs = Math.max(ageMaxUs, measured * (nowUs - found.receivedUs));
    } else if (!singleFlight || underWay.every((other) => other.id !== id)) {
      fetches += measured;
      const step = Math.floor(nowUs / 1e5);
      if (measured) peaks.set(step, (peaks.get(step) ?? 0) + 1);
      const hints = { ttlMs, scope, ttl: 'ok', scopeForm: scope } as const;
      const fetched = { value: name, result: { isComplete: true, hints }, stamp: 0 };
      const answer = (): void => {
        cache.keep(name, String(agent), fetched, nowUs + fetchUs);
      };
      underWay.push({ id, sentUs: nowUs, answer });
    }
  }
  return { ttlMs, lookups, hits, fetches, ageSumUs, ageMaxUs, peakPerStep: Math.max(0, ...peaks.values()) };
}

describe('a replay', () => {
  it('gives of every lookup what a cache of an agent would have given', () => {
    const all: readonly Lookup[] = [
      [0, 0, 0],
      [500, 0, 0],
      [600, 1, 0],
      [999, 0, 0],
      [1000, 0, 0],
      [1000, 0, 1],
    ];
    // 1000 units are 10 ms: an entry is fresh before, not at, its end.
    expect(one(all, 10)).toEqual({
      ttlMs: 10,
      lookups: 6,
      hits: 2,
      fetches: 4,
      ageSumUs: 5000 + 9990,
      ageMaxUs: 9990,
      peakPerStep: 4,
    });
    expect(one(all, 0)).toMatchObject({ hits: 0, fetches: 6 });
    expect(one(all, 20)).toMatchObject({ hits: 3, fetches: 3 });
  });

  it('shares public results of a gateway, and keeps private ones by agent', () => {
    const all: readonly Lookup[] = [
      [0, 0, 0],
      [1, 1, 0],
      [2, 0, 2],
      [3, 1, 2],
      [4, 1, 2],
    ];
    expect(one(all, 10)).toMatchObject({ hits: 1, fetches: 4 });
    expect(one(all, 10, { at: 'gateway' })).toMatchObject({ hits: 3, fetches: 2 });
    const privateMethods = new Set(['resources/read']);
    expect(one(all, 10, { at: 'gateway', privateMethods })).toMatchObject({ hits: 2, fetches: 3 });
  });

  it('fetches again while a fetch is under way, or waits for it', () => {
    const all: readonly Lookup[] = [
      [0, 0, 0],
      [50, 0, 0],
      [100, 0, 0],
      // The second answer renewed the entry.
      [1120, 0, 0],
      [1150, 0, 0],
    ];
    const over = { fetchUs: 1000 };
    expect(one(all, 10, over)).toMatchObject({ hits: 2, fetches: 3, ageMaxUs: 9700 });
    expect(one(all, 10, { ...over, singleFlight: true })).toMatchObject({ hits: 1, fetches: 2, lookups: 5 });
  });

  it('lets the warm-up fill caches, and counts none of it', () => {
    const all: readonly Lookup[] = [
      [-500, 0, 0],
      [-400, 0, 0],
      [100, 0, 0],
    ];
    expect(one(all, 10)).toMatchObject({ lookups: 1, hits: 1, fetches: 0, ageMaxUs: 6000, peakPerStep: 0 });
    expect(replay(lookupsOf([]), [1, 2], CACHES)).toMatchObject([{ lookups: 0 }, { lookups: 0, hits: 0 }]);
  });

  it('makes room for what was used last', () => {
    const all = [0, 1, 0, 2, 0, 1].map((key, at): Lookup => [at, 0, key]);
    expect(one(all, 1000)).toMatchObject({ hits: 3 });
    expect(one(all, 1000, { capacity: 2 })).toMatchObject({ hits: 2 });
    expect(one(all, 1000, { capacity: 1 })).toMatchObject({ hits: 0 });
  });

  it('counts fetches of the busiest 100 ms', () => {
    const all = [0, 1, 2, 9_999, 10_000, 10_001].map((at): Lookup => [at, at, 0]);
    expect(one(all, 1)).toMatchObject({ peakPerStep: 4 });
  });

  it('is that of the caches that agents and gateway have, lookup by lookup', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.nat(3), fc.nat(3)), {
      maxLength: 150,
    });
    const options = fc.record({
      at: fc.constantFrom('agent' as const, 'gateway' as const),
      capacity: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      singleFlight: fc.boolean(),
      jitter: fc.constantFrom(0, 0.1, 1),
      fetchUs: fc.integer({ min: 0, max: 50 }).map((units) => units * 10),
      privateMethods: fc.subarray(['tools/list', 'resources/read']).map((methods) => new Set(methods)),
      seed: fc.nat(9),
    });
    const ttls = fc.array(
      fc.integer({ min: 0, max: 30 }).map((tenths) => tenths / 10),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(gaps, options, ttls, fc.nat(500), (steps, caches, ttlsMs, warmup) => {
        let at = -warmup;
        const all = steps.map(([gap, agent, key]): Lookup => {
          at += gap;
          return [at, agent, key];
        });
        expect(replay(lookupsOf(all), ttlsMs, caches)).toEqual(
          ttlsMs.map((ttlMs) => driven(all, ttlMs, caches)),
        );
      }),
      { numRuns: 300 },
    );
  });
});
