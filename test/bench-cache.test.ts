import { describe, expect, it } from 'vitest';
import { evenHits, herdFetches, leastRecentHits, poissonHits, restartedHits } from '../bench/cache-theory.ts';
import { randomAt } from '../src/units/random.ts';

/** lambda T, and the two ratios to four digits. */
const RATIOS = [
  [0.1, 0.0909, 0.0952],
  [0.25, 0.2, 0.2212],
  [0.5, 0.3333, 0.3935],
  [1, 0.5, 0.6321],
  [2, 0.6667, 0.8647],
  [4, 0.8, 0.9817],
  [9, 0.9, 0.9999],
] as const;

describe('the theory of hit ratios', () => {
  it.each(RATIOS)('at lambda T = %d is %d, and not %d', (expected, ratio, restarted) => {
    const caller = { perSecond: 4, ttlSeconds: expected / 4 };
    expect(poissonHits(caller)).toBeCloseTo(ratio, 4);
    expect(restartedHits(caller)).toBeCloseTo(restarted, 4);
  });

  it('at even spacing counts the gaps that fit', () => {
    expect(evenHits({ perSecond: 10, ttlSeconds: 0.35 })).toBe(0.75);
    expect(evenHits({ perSecond: 10, ttlSeconds: 0.05 })).toBe(0);
  });

  it('of a bounded cache is all of what it holds, and little of what it does not', () => {
    expect(leastRecentHits([1, 1, 1, 1], 4 - 1e-9)).toBeCloseTo(1, 3);
    // Of items that are asked for equally often, each is there for its share of the room.
    expect(leastRecentHits(Array(100).fill(1), 25)).toBeCloseTo(0.25, 2);
  });
});

describe('the theory of a herd', () => {
  const CALLER = { perSecond: 2, ttlSeconds: 3 };

  it('is the mean of simulated agents', () => {
    const agents = 20_000;
    const random = randomAt(1, 'arrival');
    const [from, to] = [3.4, 3.7];
    let fetches = 0;
    for (let agent = 0; agent < agents; agent += 1) {
      let [now, end] = [0, 0];
      while (now < to) {
        now += -Math.log(1 - random.next()) / CALLER.perSecond;
        if (now < end) continue;
        if (now >= from && now < to) fetches += 1;
        end = now + CALLER.ttlSeconds;
      }
    }
    const expected = agents * herdFetches(CALLER, from, to);
    expect(Math.abs(fetches - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(expected).toBeGreaterThan(1000);
  });

  it('is one fetch for each agent in the first lifetime', () => {
    expect(herdFetches({ perSecond: 50, ttlSeconds: 3 }, 0, 3)).toBeCloseTo(1, 9);
  });
});
