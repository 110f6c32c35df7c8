import { describe, expect, it } from 'vitest';
import { isGated } from '../bench/verdicts-gate.ts';
import { sharesOf } from '../bench/verdicts-pairs.ts';
import { simulateDocument } from '../bench/verdicts-reports.ts';
import { isAlarm } from '../bench/verdicts-sides.ts';

const RUNS = 1000;
/** Three standard errors of a share of so many runs. */
const within = (share: number): number => 3 * Math.sqrt((share * (1 - share)) / RUNS) + 0.005;

describe('the operating characteristics of the three-sided test', () => {
  // By the true change: regressed and the same, in percent, from an independent simulation of 20,000 runs each.
  it.each([
    { noise: 0.02, pairs: 3, change: 0, expected: [0, 0.74] },
    { noise: 0.03, pairs: 3, change: 0.1, expected: [0.55, 0] },
    { noise: 0.03, pairs: 5, change: 0.05, expected: [0.05, 0.05] },
    { noise: 0.03, pairs: 10, change: 0.02, expected: [0, 0.88] },
    { noise: 0.03, pairs: 10, change: 0.1, expected: [1, 0] },
    { noise: 0.05, pairs: 20, change: 0.08, expected: [0.78, 0] },
  ])('at +$change, noise $noise, $pairs pairs', ({ noise, pairs, change, expected }) => {
    const shares = sharesOf({ change, noise }, pairs, RUNS);
    for (const [at, share] of expected.entries())
      expect(Math.abs(shares[at]! - share)).toBeLessThan(within(share));
  });
});

describe('a whole comparison', () => {
  const size = { variants: 1, repetitions: 10, drift: 0, noise: 0.02 };
  const seeds = Array.from({ length: 100 }, (_, at) => at + 1);

  it('of sides that do not differ raises a false alarm in one of twenty at most', () => {
    expect(seeds.filter((seed) => isAlarm(simulateDocument(size, 0, seed))).length).toBeLessThan(12);
  });

  it('finds a p50 that is 10 % longer, and never calls one that is 2 % longer a regression', () => {
    const regressed = (planted: number): number =>
      seeds.filter((seed) => simulateDocument(size, planted, seed).verdict.status === 'regressed').length;
    expect(regressed(0.1)).toBeGreaterThan(93);
    expect(regressed(0.02)).toBe(0);
  });

  it('is decided by a rise of the error rate beyond half a point, rarely at it, and never below', () => {
    const gated = (moreErrors: number): number =>
      seeds.filter((seed) => isGated(simulateDocument({ ...size, moreErrors }, 0, seed))).length;
    expect(gated(0.01)).toBeGreaterThan(93);
    expect(gated(0.005)).toBeLessThan(12);
    expect(gated(0)).toBe(0);
  });
});
