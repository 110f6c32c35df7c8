/** @module Truth of staleness: an honest server is never behind its `ttlMs`, and one that lies is found. */
import { cacheOf } from './cache-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';
import { runProfile } from './run-profile.ts';

const TTL_MS = 500;
/** Besides its lifetime, an answer may have been on its way when the change was confirmed. */
const ROUND_TRIP_MS = 20;

const CHANGE = 'at: 2s, changeCatalogue: tools, add: 1, notify: false';

/** A change of the catalogue half way, on all instances or on all but one. */
export async function staleness({ say }: Context): Promise<readonly Reading[]> {
  say('a change of the catalogue, and a server that keeps its old list');
  const variants = await runProfile([
    'load: { rate: 1000/s, arrivals: poisson, warmup: 1s, duration: 4s, agents: 50 }',
    'calls: [{ list: tools }]',
    `fleet: { server: lean, instances: 2, tools: { catalogue: 3, ttl: ${TTL_MS}ms } }`,
    'cache: { honour: true }',
    'variants:',
    `  - { name: honest, events: [{ ${CHANGE} }] }`,
    `  - { name: lying, events: [{ ${CHANGE}, except: 1 }] }`,
    'repetitions: 1',
  ]);
  const [honest, lying] = [cacheOf(variants, 'honest'), cacheOf(variants, 'lying')];
  return [
    {
      ...inMs('every server changes its list', 'oldest answer from a cache', honest.ageServedMaxMs),
      expected: `below ${TTL_MS} ms`,
      allowed: 'never more',
      good: honest.ageServedMaxMs !== null && honest.ageServedMaxMs < TTL_MS,
    },
    {
      ...inMs('every server changes its list', 'last old answer after the change', honest.staleMaxMs),
      expected: `at most ${TTL_MS} ms`,
      allowed: `${ROUND_TRIP_MS} ms more`,
      good: honest.staleMaxMs !== null && honest.staleMaxMs <= TTL_MS + ROUND_TRIP_MS,
    },
    {
      ...inMs('one of two servers keeps its old list', 'last old answer after the change', lying.staleMaxMs),
      expected: `above ${TTL_MS} ms`,
      allowed: 'never less',
      good: lying.staleMaxMs !== null && lying.staleMaxMs > TTL_MS + ROUND_TRIP_MS,
    },
  ];
}

const inMs = (name: string, figure: string, ms: number | null) => ({
  name,
  figure,
  measured: ms === null ? 'none' : `${ms.toFixed(2)} ms`,
});
