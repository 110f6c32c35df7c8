import { describe, expect, it } from 'vitest';
import { shareOf } from '../generator/engine/plan.ts';
import { parseProfile } from './parse-profile.ts';
import { workersFor } from './workers.ts';

const workers = (load: string, resident = false): number => {
  const profile = parseProfile(`{ version: 1, load: { ${load} }, calls: [{ list: tools }], fleet: {} }`);
  return workersFor(profile.variants[0]!.settings, resident);
};

describe('the workers of a load', () => {
  it.each([
    ['concurrency: 1, workers: 2', 1],
    ['concurrency: 3, workers: 8', 3],
    ['concurrency: 8, workers: 3', 3],
    ['rate: 10/s, maxInFlight: 1, workers: 2', 1],
    ['rate: 10/s, maxInFlight: 5, workers: 4', 4],
    ['rate: 10/s, connections: 2, workers: 4', 2],
    ['rate: 10/s, workers: 4', 4],
  ])('with %s are %d: each has a share of everything that is split', (load, expected) => {
    expect(workers(load)).toBe(expected);
  });

  it.each([
    ['rate: 10/s, agents: 3, workers: 8', 3],
    ['rate: 10/s, agents: 30, skew: 2, workers: 2', 2],
    ['concurrency: 8, agents: 64, skew: 1, workers: 4', 4],
    // The first agent makes 21 % of the calls, so a fifth worker would have too few.
    ['concurrency: 8, agents: 64, skew: 1, workers: 8', 4],
    ['concurrency: 8, agents: 64, skew: 2, workers: 2', 1],
  ])('whose agents hold state with %s are %d', (load, expected) => {
    expect(workers(load, true)).toBe(expected);
  });

  it('have together what was asked, never more', () => {
    for (const total of [1, 2, 7, 64]) {
      for (let all = 1; all <= Math.min(total, 8); all += 1) {
        const shares = Array.from({ length: all }, (_, worker) => shareOf(total, worker, all));
        expect(shares.reduce((sum, share) => sum + share)).toBe(total);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }
    }
  });
});
