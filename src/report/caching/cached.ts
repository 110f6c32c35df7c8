/** @module The variants whose result has figures of caching, and what is said of each: what is asked for, how long it may be kept, and where it is. */
import type { CacheFigures } from '../../result/measure/cache-figures.ts';
import { formatMicros, type Millis } from '../../units/time.ts';
import type { Measured, Model } from '../model.ts';
import { list, plain, plural } from '../wording.ts';

/** A variant with figures of caching. */
export interface Cached extends Measured {
  readonly cache: CacheFigures;
}

/** All variants that asked for results that can be kept, those that kept none included. */
export function cached({ measured }: Model): readonly Cached[] {
  return measured.flatMap((one): readonly Cached[] => {
    const { cache } = one.summary;
    return cache ? [{ ...one, cache }] : [];
  });
}

/** The variants that kept results. */
export const keeping = (model: Model): readonly Cached[] => cached(model).filter(({ cache }) => cache.honour);

/**
 * The variants that tables and charts of what caches gave have: none where no variant keeps anything and nothing changed, since every row would
 * only say so. What other lifetimes would give is told all the same.
 */
export function besideCaches(model: Model): readonly Cached[] {
  const all = cached(model);
  return all.some(({ cache }) => cache.honour || cache.changes.length > 0) ? all : [];
}

/** What is asked for, as the object of a sentence: `tools/list`; of many methods their number. */
export function askedText(some: readonly Cached[]): string {
  const methods = [...new Set(some.flatMap(({ cache }) => Object.keys(cache.byMethod).map(plain)))];
  return methods.length > MOST_METHODS ? `${methods.length} kinds of results` : list(methods);
}
const MOST_METHODS = 3;

/** What a sentence counts: `lists`; `requests` where not only lists are asked for. */
export function nounOf(some: readonly Cached[]): 'lists' | 'requests' {
  const methods = some.flatMap(({ cache }) => Object.keys(cache.byMethod));
  return methods.every((method) => method.endsWith('/list')) ? 'lists' : 'requests';
}

/** The lifetimes that the answers of a variant gave; if nothing was fetched in the measured time, those that its servers are set to give. Null where none is known. */
export function ttlOf({ cache, variant }: Cached): { readonly min: Millis; readonly max: Millis } | null {
  const hints = variant.settings.effective?.fleet?.offer?.hints;
  const known = Object.entries(cache.byMethod).flatMap(([method, { ttlMs }]) => {
    const set = hints?.[method]?.ttlMs;
    return ttlMs ?? (set === undefined ? [] : { min: set, max: set });
  });
  if (known.length === 0) return null;
  return {
    min: Math.min(...known.map(({ min }) => min)),
    max: Math.max(...known.map(({ max }) => max)),
  };
}

/** The one lifetime of a variant; undefined of several, and where none is known. */
export function onlyTtlOf(one: Cached): Millis | undefined {
  const ttl = ttlOf(one);
  return ttl !== null && ttl.min === ttl.max ? ttl.min : undefined;
}

/** `5 s`, `250 ms`, `0`. */
export const ttlText = (ms: Millis): string => (ms === 0 ? '0' : formatMicros(ms * 1000));

/** `5 s`, `1 s to 5 s`; empty where no lifetime is known. */
export function ttlsText(one: Cached): string {
  const ttl = ttlOf(one);
  if (ttl === null) return '';
  return ttl.min === ttl.max ? ttlText(ttl.min) : `${ttlText(ttl.min)} to ${ttlText(ttl.max)}`;
}

/** Where results are kept, and how: `each agent, jitter of 10 %`; of a variant that keeps none `nowhere`. */
export function placeText({ cache, variant }: Cached): string {
  if (!cache.honour) return 'nowhere';
  const settings = variant.settings.effective?.cache;
  return [
    cache.at === 'gateway' ? 'the gateway' : 'each agent',
    ...(settings?.capacity === undefined ? [] : [`at most ${plural(settings.capacity, 'entry', 'entries')}`]),
    ...(settings?.singleFlight === true ? ['single-flight'] : []),
    ...(settings !== undefined && settings.jitter > 0 ? [`jitter of ${settings.jitter * 100} %`] : []),
    ...(settings?.subscribe === true ? ['told of changes'] : []),
  ].join(', ');
}

/** Share of the calls for which nothing was fetched: hits, and calls that waited for the fetch of another; null without calls. */
export function savedShare({ cache }: Cached): number | null {
  const calls = cache.hits + cache.misses;
  return calls === 0 ? null : cache.originCallsAvoided / calls;
}
