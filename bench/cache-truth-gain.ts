/** @module Truth of what caching gains: the curve replayed from one run against runs with other lifetimes, and nothing where `ttlMs` is 0. */
import type { CurvePoint } from '../src/result/measure/cache-figures.ts';
import { cacheOf, shareReading } from './cache-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';
import { runProfile } from './run-profile.ts';

/** The goal: 1 percentage point. */
const WITHIN = 0.01;
const LIFETIMES_MS = [100, 300, 1000];

/** The curve of a run that kept nothing against the hit ratio measured with each lifetime on the same arrivals. */
export async function replayed({ say }: Context): Promise<readonly Reading[]> {
  say('one run replayed with other lifetimes');
  const nameOf = (ttlMs: number): string => `ttl ${ttlMs} ms`;
  const variants = await runProfile([
    'load: { rate: 1500/s, arrivals: poisson, warmup: 2s, duration: 6s, agents: 300 }',
    'calls: [{ list: tools }]',
    'fleet: { server: lean, instances: 2, tools: { catalogue: 3, cacheScope: private } }',
    'variants:',
    '  - { name: nothing kept, fleet.tools.ttl: 0s }',
    ...LIFETIMES_MS.map(
      (ttlMs) => `  - { name: ${nameOf(ttlMs)}, cache.honour: true, fleet.tools.ttl: ${ttlMs}ms }`,
    ),
    'repetitions: 1',
  ]);
  const { curve } = cacheOf(variants, 'nothing kept');
  return LIFETIMES_MS.map((ttlMs) => {
    const { hitRatio } = cacheOf(variants, nameOf(ttlMs));
    const predicted = hitRatioAt(curve, ttlMs);
    return shareReading(
      `${nameOf(ttlMs)}, replayed from a run that kept nothing`,
      'hit ratio',
      [predicted, hitRatio],
      WITHIN,
    );
  });
}

/** Between two points of the curve, on a line over the logarithm of the lifetime. */
function hitRatioAt(curve: readonly CurvePoint[], ttlMs: number): number {
  const above = curve.findIndex((point) => point.ttlMs >= ttlMs);
  const [low, high] = [curve[above - 1], curve[above]];
  if (high === undefined) return Number.NaN;
  if (low === undefined || high.ttlMs === ttlMs) return high.hitRatio;
  const share = Math.log(ttlMs / low.ttlMs) / Math.log(high.ttlMs / low.ttlMs);
  return low.hitRatio + share * (high.hitRatio - low.hitRatio);
}

/** Caches that may keep nothing, against none. */
export async function switchedOff({ say }: Context): Promise<readonly Reading[]> {
  say('caches with ttl 0 against none');
  const variants = await runProfile([
    'load: { rate: 500/s, arrivals: poisson, warmup: 500ms, duration: 2500ms, agents: 50 }',
    'calls: [{ list: tools }]',
    'fleet: { server: lean, instances: 2, tools: { catalogue: 12, ttl: 0s } }',
    'variants:',
    '  - { name: no caches }',
    '  - { name: ttl 0, base: no caches, cache.honour: true }',
    'repetitions: 3',
  ]);
  const { hits, gain } = cacheOf(variants, 'ttl 0');
  const name = 'caches on against off, ttl 0';
  const figures = [
    ['lists per second at the origin', gain?.originPerSecond, '/s'],
    ['p50 of lists', gain?.listP50Us, ' us'],
    ['p99 of lists', gain?.listP99Us, ' us'],
  ] as const;
  return [
    {
      name,
      figure: 'hits',
      expected: '0',
      measured: String(hits),
      allowed: 'none',
      good: hits === 0,
    },
    ...figures.map(([figure, difference, unit]): Reading => {
      const { low = null, high = null, base = 0, value = 0 } = difference ?? {};
      const known = low !== null && high !== null;
      return {
        name,
        figure: `difference of ${figure}`,
        expected: `0${unit}`,
        measured: `${(value - base).toFixed(1)}${unit}`,
        allowed: known ? `0 within ${low.toFixed(1)} to ${high.toFixed(1)}` : 'an interval',
        good: known && low <= 0 && high >= 0,
      };
    }),
  ];
}
