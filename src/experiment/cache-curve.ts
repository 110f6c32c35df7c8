/** @module What the calls of a trial would have got with other lifetimes, from the log of its lookups. */
import type { Arrivals } from '../cache/expected-hits.ts';
import { replayRun } from '../cache/replay-run.ts';
import type { LoadResult } from '../generator/engine/engine.ts';
import { weightsOfAgents } from '../generator/schedule/residence.ts';
import type { LoadSettings, Settings } from '../profile/settings.ts';
import { CACHEABLE_METHODS, type CacheableMethod } from '../protocol/caching/methods.ts';
import { decodeHistogram, mergeSeries, percentileOf } from '../recording/histogram.ts';
import { cache } from '../recording/measure/cache.ts';
import type { CacheCounts } from '../recording/measure/cache-counts.ts';
import { type CacheReplayCounts, cacheReplay } from '../recording/measure/cache-replay.ts';
import { countsOf, type Recording } from '../recording/recording.ts';
import { type Micros, type Millis, SECOND } from '../units/time.ts';

/** The counts of the replay; none where no lookups were logged, or nothing was measured. */
export function curveOf(
  { recording, lookups }: LoadResult,
  settings: Settings,
  seed: number,
): Recording['measures'] {
  const counts = countsOf(recording, cache);
  const { measuredUs } = recording;
  if (lookups === undefined || counts === undefined || measuredUs === 0) return {};
  const { load, cache: caches, endpoint } = settings;
  const hints = endpoint.kind === 'fleet' ? endpoint.offer.hints : undefined;
  const asked = CACHEABLE_METHODS.filter((method) =>
    lookups.names.some((name) => name.split(' ', 1)[0] === method),
  );
  const inForce = [
    ...asked.flatMap((method) => hints?.[method].ttlMs ?? []),
    ...counts.methods.flatMap(({ ttlMinMs, ttlMaxMs }) => [ttlMinMs ?? 0, ttlMaxMs ?? 0]),
    (caches.maxStaleUs ?? 0) / 1000,
  ];
  const curve: CacheReplayCounts = replayRun(lookups, {
    settings: caches,
    arrivals: arrivalsOf(load),
    weights: weightsOfAgents(load.agents, load.skew ?? 0),
    measuredUs,
    plannedUs: load.durationUs,
    fetchUs: medianFetch(counts),
    ttlsMs: inForce.filter((ttlMs: Millis) => ttlMs > 0),
    privateMethods: new Set(asked.filter((method) => isPrivate(method, counts, hints))),
    seed,
  });
  return { [cacheReplay.name]: curve };
}

/** Undefined of loads whose rate changes, and of those in which a call waits for another one to end. */
function arrivalsOf({ shape, arrivals }: LoadSettings): Arrivals | undefined {
  if (shape.kind !== 'rate') return undefined;
  return arrivals === 'poisson' ? { kind: 'poisson' } : { kind: 'even', everyUs: SECOND / shape.perSecond };
}

/** The median time of a fetch; 0 where nothing was fetched. */
function medianFetch({ methods }: CacheCounts): Micros {
  const series = mergeSeries(methods.map(({ originTime }) => originTime));
  return percentileOf(decodeHistogram(series.histogram), 50);
}

/** As its answers say, or as the servers were told to answer; absent hints are private ones. */
function isPrivate(
  method: CacheableMethod,
  { methods }: CacheCounts,
  hints: Readonly<Record<CacheableMethod, { readonly cacheScope: string }>> | undefined,
): boolean {
  const scope = methods.find((counts) => counts.method === method)?.scope;
  const [shared, own] =
    scope === undefined ? [0, 0] : [scope.public, scope.private + scope.absent + scope.malformed];
  return shared + own > 0 ? own > shared : hints?.[method].cacheScope !== 'public';
}
