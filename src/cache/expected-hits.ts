/** @module The hits that the closed forms expect of the callers of a run. */
import { type Micros, type Millis, type PerSecond, SECOND } from '../units/time.ts';
import { characteristicTime, evenHitRatio, type Population, poissonHitRatio } from './closed-form.ts';
import { limitedHitRatio } from './limited-hit-ratio.ts';
import { type Lookups, sharedNames } from './lookups.ts';
import type { VirtualCaches } from './virtual-caches.ts';

/** How the calls of a run fell due: as a Poisson process, or every `everyUs` by one of its agents. */
export type Arrivals = { readonly kind: 'poisson' } | { readonly kind: 'even'; readonly everyUs: Micros };

/** What the closed forms have to know of a run. */
export interface Callers {
  readonly arrivals: Arrivals;
  /** How often each agent calls, relative to the others. */
  readonly weights: ArrayLike<number>;
  readonly measuredUs: Micros;
}

/** Caches with the same entries. */
interface CacheGroup {
  readonly caches: number;
  /** Entries of each. */
  readonly populations: readonly Population[];
}

/** Rates whose logarithms differ by less count as one. */
const BIN = 0.02;

/** The hit ratio of an entry; null where there is no closed form. */
type HitRatio = (perSecond: PerSecond, keptSeconds: number, ttlUs: Micros) => number | null;

/**
 * The expected hits by lifetime, as in a long run: the first calls of a short one find nothing. Null where there is no closed form:
 * of lifetimes shorter than a fetch, of evenly spaced calls when lifetimes are drawn, and of these when entries make room for others.
 */
export function expectedHits(
  lookups: Lookups,
  options: VirtualCaches,
  callers: Callers,
): (ttlMs: Millis) => number | null {
  const { capacity = Number.POSITIVE_INFINITY, jitter } = options;
  const groups = cacheGroups(lookups, options, callers).map((group) => ({
    ...group,
    keptSeconds: characteristicTime(group.populations, capacity),
  }));
  const isLimited = groups.some(({ keptSeconds }) => keptSeconds < Number.POSITIVE_INFINITY);
  const hitRatio = hitRatioOf(options, callers.arrivals, isLimited);
  return (ttlMs) => {
    const meanUs = ttlMs * 1000 * (1 - jitter / 2);
    const perSecond = groups.map(({ caches, populations, keptSeconds }) =>
      populations.map(({ perSecond, entries }) => {
        const ratio = hitRatio(perSecond, keptSeconds, meanUs);
        return ratio === null ? null : caches * entries * perSecond * ratio;
      }),
    );
    const hits = perSecond.flat();
    return hits.includes(null)
      ? null
      : hits.reduce<number>((sum, hits) => sum + hits!, 0) * (callers.measuredUs / SECOND);
  };
}

function hitRatioOf(
  { jitter, fetchUs, singleFlight }: VirtualCaches,
  arrivals: Arrivals,
  isLimited: boolean,
): HitRatio {
  if (arrivals.kind === 'even') {
    const { everyUs } = arrivals;
    return (perSecond, _, ttlUs) =>
      isLimited || jitter > 0
        ? null
        : evenHitRatio(everyUs, (perSecond * everyUs) / SECOND, { ttlUs, fetchUs, singleFlight });
  }
  return (perSecond, keptSeconds, ttlUs) =>
    isLimited
      ? limitedHitRatio(perSecond, keptSeconds, { ttlUs, fetchUs })
      : poissonHitRatio(perSecond, { ttlUs, fetchUs, singleFlight });
}

function cacheGroups(
  { keys, names, measuredFrom }: Lookups,
  place: VirtualCaches,
  { weights, measuredUs }: Callers,
): readonly CacheGroup[] {
  const calls = new Float64Array(names.length);
  for (let i = measuredFrom; i < keys.length; i += 1) calls[keys[i]!]! += 1;
  const rates = Array.from(calls, (count): PerSecond => (count * SECOND) / measuredUs);
  const agents = agentGroups(weights);
  if (place.at === 'agent')
    return agents.map((agent) => ({
      caches: agent.entries,
      populations: binned(rates.map((rate) => ({ perSecond: rate * agent.perSecond, entries: 1 }))),
    }));
  const isShared = sharedNames(names, place);
  const populations = rates.flatMap((rate, key): readonly Population[] =>
    isShared[key]!
      ? [{ perSecond: rate, entries: 1 }]
      : agents.map(({ perSecond, entries }) => ({ perSecond: rate * perSecond, entries })),
  );
  return [{ caches: 1, populations: binned(populations) }];
}

/** Agents that call equally often, with the share of the calls that each of them makes. */
function agentGroups(weights: ArrayLike<number>): readonly Population[] {
  const all = Array.from(weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  return binned(all.map((weight) => ({ perSecond: weight / total, entries: 1 })));
}

/** Those of almost the same rate as one, with their mean; those without calls are left out. */
function binned(populations: readonly Population[]): readonly Population[] {
  const bins = new Map<number, Population>();
  for (const { perSecond, entries } of populations) {
    if (perSecond === 0) continue;
    const bin = Math.round(Math.log(perSecond) / BIN);
    const known = bins.get(bin) ?? { perSecond: 0, entries: 0 };
    const together = known.entries + entries;
    const mean = (known.perSecond * known.entries + perSecond * entries) / together;
    bins.set(bin, { perSecond: mean, entries: together });
  }
  return [...bins.values()];
}
