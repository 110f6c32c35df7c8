/** @module Truth of hit ratios: Poisson and even arrivals against closed forms, and caches with a bound against Che's approximation. */
import type { CacheableMethod } from '../src/protocol/caching/methods.ts';
import { evenHits, leastRecentHits, poissonHits, restartedHits } from './cache-theory.ts';
import { cacheOf, shareReading } from './cache-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';
import { runProfile } from './run-profile.ts';

/** The goal: 1.5 percentage points. */
const WITHIN = 0.015;

/** The methods of one mix, each with a lifetime of its own, in milliseconds: five truths in one run. */
const LIFETIMES: readonly (readonly [CacheableMethod, call: string, ttlMs: number])[] = [
  ['tools/list', 'list: tools', 50],
  ['prompts/list', 'list: prompts', 200],
  ['resources/list', 'list: resources', 500],
  ['resources/templates/list', 'list: templates', 1000],
  ['server/discover', 'discover: true', 2000],
];
const AGENTS = [25, 50, 100];
const RATE = 2500;

const OFFER = `resources: 3, templates: 3, prompts: 3, hints: { ${LIFETIMES.map(([method, , ttlMs]) => `${method}: { ttl: ${ttlMs}ms }`).join(', ')} }`;

/** Poisson arrivals: five lifetimes, as many callers as {@link AGENTS} says. */
async function poisson({ say }: Context): Promise<readonly Reading[]> {
  say(`Poisson arrivals at ${RATE}/s, ${LIFETIMES.length} lifetimes, ${AGENTS.join(', ')} agents`);
  const variants = await runProfile([
    `load: { rate: ${RATE}/s, arrivals: poisson, warmup: 4s, duration: 15s, agents: 1 }`,
    `calls: [${LIFETIMES.map(([, call]) => `{ ${call} }`).join(', ')}]`,
    `fleet: { server: lean, instances: 2, tools: { catalogue: 3, cacheScope: private }, offer: { ${OFFER} } }`,
    'cache: { honour: true }',
    `variants: [${AGENTS.map((agents) => `{ name: "${agents}", load.agents: ${agents} }`).join(', ')}]`,
    'repetitions: 1',
  ]);
  return AGENTS.flatMap((agents) => {
    const { byMethod } = cacheOf(variants, String(agents));
    return LIFETIMES.flatMap(([method, , ttlMs]) => {
      const caller = { perSecond: RATE / LIFETIMES.length / agents, ttlSeconds: ttlMs / 1000 };
      const name = `Poisson, ${agents} agents, ${caller.perSecond}/s each, ttl ${ttlMs} ms`;
      const measured = byMethod[method]?.hitRatio ?? null;
      const reading = shareReading(name, 'hit ratio', [poissonHits(caller), measured], WITHIN);
      return agents === AGENTS[0] && ttlMs === 200
        ? [reading, notRestarted(name, caller, measured)]
        : reading;
    });
  });
}

/** That a hit does not begin the lifetime of an entry anew. */
function notRestarted(
  name: string,
  caller: Parameters<typeof restartedHits>[0],
  measured: number | null,
): Reading {
  const reading = shareReading(
    name,
    'not the ratio of restarted lifetimes',
    [restartedHits(caller), measured],
    WITHIN,
  );
  return { ...reading, allowed: `not within ${reading.allowed}`, good: measured !== null && !reading.good };
}

/** Gaps in milliseconds, and lifetimes that end in the middle of one. */
const GAPS: readonly (readonly [gapMs: number, ttlMs: number])[] = [
  [20, 50],
  [40, 180],
];

/** One caller at even spacing. */
async function even({ say }: Context): Promise<readonly Reading[]> {
  say('evenly spaced arrivals');
  const names = GAPS.map(([gapMs, ttlMs]) => `one agent every ${gapMs} ms, ttl ${ttlMs} ms`);
  const variants = await runProfile([
    'load: { rate: 1/s, warmup: 500ms, duration: 6s, agents: 1 }',
    'calls: [{ list: tools }]',
    'fleet: { server: lean, instances: 1, tools: { catalogue: 3 } }',
    'cache: { honour: true }',
    `variants: [${GAPS.map(([gapMs, ttlMs], at) => `{ name: "${names[at]}", load.rate: ${1000 / gapMs}/s, fleet.tools.ttl: ${ttlMs}ms }`).join(', ')}]`,
    'repetitions: 1',
  ]);
  return GAPS.map(([gapMs, ttlMs], at) => {
    const expected = evenHits({ perSecond: 1000 / gapMs, ttlSeconds: ttlMs / 1000 });
    return shareReading(names[at]!, 'hit ratio', [expected, cacheOf(variants, names[at]!).hitRatio], WITHIN);
  });
}

const RESOURCES = 20;
const CAPACITIES = [3, 8];
/** Of resource n, as in Zipf's law. */
const WEIGHTS = Array.from({ length: RESOURCES }, (_, index) => 1 / (index + 1));

/** Caches with room for fewer resources than are read, which never expire. */
async function bounded({ say }: Context): Promise<readonly Reading[]> {
  say('caches with a capacity');
  const nameOf = (capacity: number): string => `reads of ${RESOURCES} resources, capacity ${capacity}`;
  const reads = WEIGHTS.map((weight, at) => `{ read: "paceline://resource/${at + 1}", weight: ${weight} }`);
  const variants = await runProfile([
    'load: { rate: 1500/s, arrivals: poisson, warmup: 1s, duration: 7s, agents: 4 }',
    `calls: [${reads.join(', ')}]`,
    `fleet: { server: lean, instances: 2, tools: { ttl: 24h, cacheScope: private }, offer: { resources: ${RESOURCES}, resourceBytes: 64 } }`,
    `variants: [${CAPACITIES.map((capacity) => `{ name: "${nameOf(capacity)}", cache: { honour: true, capacity: ${capacity} } }`).join(', ')}]`,
    'repetitions: 1',
  ]);
  return CAPACITIES.map((capacity) => {
    const name = nameOf(capacity);
    const expected = leastRecentHits(WEIGHTS, capacity);
    return shareReading(name, 'hit ratio (Che)', [expected, cacheOf(variants, name).hitRatio], WITHIN);
  });
}

/** All hit ratios, one after the other. */
export async function hitRatios(context: Context): Promise<readonly Reading[]> {
  return [...(await poisson(context)), ...(await even(context)), ...(await bounded(context))];
}
