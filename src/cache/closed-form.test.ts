import { describe, expect, it } from 'vitest';
import { randomAt } from '../units/random.ts';
import {
  characteristicTime,
  evenHitRatio,
  herdPeak,
  lastAgentSeconds,
  poissonHitRatio,
} from './closed-form.ts';
import { limitedHitRatio } from './limited-hit-ratio.ts';

const seconds = (ttl: number, fetch = 0, singleFlight = true) => ({
  ttlUs: ttl * 1e6,
  fetchUs: fetch * 1e6,
  singleFlight,
});

/** One call a second, so that a lifetime in seconds is `lambda T`. */
const TABLE = [
  [0.1, 0.0909],
  [0.25, 0.2],
  [0.5, 0.3333],
  [1, 0.5],
  [2, 0.6667],
  [4, 0.8],
  [9, 0.9],
  [19, 0.95],
  [99, 0.99],
] as const;

describe('the hit ratio under Poisson calls', () => {
  it.each(TABLE)('for %d expected calls in a lifetime is %d', (ttl, ratio) => {
    expect(poissonHitRatio(1, seconds(ttl))).toBeCloseTo(ratio, 4);
    expect(poissonHitRatio(20, seconds(ttl / 20))).toBeCloseTo(ratio, 4);
    expect(poissonHitRatio(1, seconds(ttl, 0, false))).toBeCloseTo(ratio, 4);
  });

  it.each(TABLE)('for %d expected calls is not that of a lifetime which hits renew', (ttl) => {
    expect(Math.abs(poissonHitRatio(1, seconds(ttl))! - (1 - Math.exp(-ttl)))).toBeGreaterThan(0.003);
  });

  it('is lower when fetches take long: calls during a fetch are misses', () => {
    expect(poissonHitRatio(1, seconds(4, 3))).toBeCloseTo(0.5, 10);
    // 1 + 3 misses; their answers renew the entry until 3 - (1 - exp(-3)) after the first one.
    const hits = 4 + 3 - (1 - Math.exp(-3));
    expect(poissonHitRatio(1, seconds(4, 3, false))).toBeCloseTo(hits / (4 + hits), 10);
    expect(poissonHitRatio(1, seconds(2, 3, false))).toBeNull();
  });

  it('is that of all calls together at a gateway, and of its own calls at each of 100 agents', () => {
    expect(poissonHitRatio(9, seconds(1))).toBeCloseTo(0.9, 10);
    expect(poissonHitRatio(9 / 100, seconds(1))).toBeCloseTo(0.0826, 4);
  });
});

describe('the hit ratio under evenly spaced calls', () => {
  it.each([
    [0.9, 0],
    [1, 0.5],
    [1.9, 0.5],
    [2, 2 / 3],
    [9.5, 0.9],
  ])('for a lifetime of %d gaps is %d', (ttl, ratio) => {
    expect(evenHitRatio(1e6, 1, seconds(ttl))).toBeCloseTo(ratio, 10);
  });

  it('of random agents has the share of each, and tends to that of Poisson calls', () => {
    expect(evenHitRatio(1e6, 0.25, seconds(8))).toBeCloseTo(2 / 3, 10);
    expect(evenHitRatio(1e4, 0.01, seconds(4.005))).toBeCloseTo(poissonHitRatio(1, seconds(4))!, 10);
  });

  it('counts calls during a fetch as misses', () => {
    expect(evenHitRatio(1e6, 1, seconds(4, 2.5))).toBeCloseTo(4 / 7, 10);
    // Misses at 0, 1 and 2, the answer to the last at 4.5, hits from 3 to 8.
    expect(evenHitRatio(1e6, 1, seconds(4, 2.5, false))).toBeCloseTo(6 / 9, 10);
    expect(evenHitRatio(1e6, 1, seconds(2, 2.5, false))).toBeNull();
  });
});

describe('a cache with a capacity', () => {
  it('keeps what is not called until as many others were called as it has room for', () => {
    // Ten equal entries, each called once a second: five are kept when 1 - exp(-t) is one half.
    expect(characteristicTime([{ perSecond: 1, entries: 10 }], 5)).toBeCloseTo(Math.LN2, 6);
    expect(characteristicTime([{ perSecond: 1, entries: 10 }], 10)).toBe(Number.POSITIVE_INFINITY);
    const t = characteristicTime(
      [
        { perSecond: 5, entries: 2 },
        { perSecond: 0.1, entries: 30 },
      ],
      6,
    );
    expect(2 * (1 - Math.exp(-5 * t)) + 30 * (1 - Math.exp(-0.1 * t))).toBeCloseTo(6, 6);
  });

  it.each([0.2, 0.7, 1, 1.3, 3])('for %d expected calls until room is made has both limits', (calls) => {
    // Without a lifetime it is Che's; with one below that time it is the lifetime's.
    expect(limitedHitRatio(1, calls, seconds(1e5))).toBeCloseTo(1 - Math.exp(-calls), 3);
    expect(limitedHitRatio(1, calls, seconds(calls / 2))).toBeCloseTo(
      poissonHitRatio(1, seconds(calls / 2))!,
      10,
    );
  });

  it.each([
    [0.5, 1],
    [1, 1.7],
    [1, 8],
    [2, 5],
    [3, 40],
  ])('kept for %d and fresh for %d is what a simulation of the entry gives', (kept, ttl) => {
    const random = randomAt(1, 'cache');
    let [fetched, used, now, hits] = [-1e9, -1e9, 0, 0];
    const calls = 200_000;
    for (let i = 0; i < calls; i += 1) {
      now -= Math.log(1 - random.next());
      if (now < fetched + ttl && now < used + kept) hits += 1;
      else fetched = now;
      used = now;
    }
    expect(limitedHitRatio(1, kept, seconds(ttl))).toBeCloseTo(hits / calls, 2);
  });
});

describe('agents that start together', () => {
  it('ask at the rate of all of them first, and less steeply from one expiry to the next', () => {
    expect(herdPeak(100, 2, 1)).toBe(200);
    // The density of Erlang(2, 1) at its maximum is 1/e, that of Erlang(3, 1) is 2/e^2.
    expect(herdPeak(100, 1, 2)).toBeCloseTo(100 / Math.E, 10);
    expect(herdPeak(100, 1, 3)).toBeCloseTo(200 / Math.E ** 2, 10);
    expect(herdPeak(1, 1, 50)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI * 49), 3);
  });

  it('have a change when the last of them has called after its lifetime', () => {
    expect(lastAgentSeconds(1, 2, 5e6)).toBeCloseTo(5.5, 10);
    expect(lastAgentSeconds(100, 1, 0)).toBeCloseTo(5.1874, 4);
  });
});
