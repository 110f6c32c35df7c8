/** @module What the built-in servers offer beside tools, how they divide lists into pages, and the cache hints of each method. */

import type { CacheScope } from '../../protocol/caching/hints.ts';
import { CACHEABLE_METHODS, type CacheableMethod } from '../../protocol/caching/methods.ts';
import type { Millis } from '../../units/time.ts';
import type { ToolSettings } from './tools.ts';

/** The cache hints of the results of one method. */
export interface MethodHint {
  readonly ttlMs: Millis;
  readonly cacheScope: CacheScope;
}

export interface OfferSettings {
  /** Entries per page of every list. Absent: a list is one page. */
  readonly pageSize?: number;
  /** Number of resources; their URIs are `paceline://resource/1` and so on. */
  readonly resources: number;
  /** Size of the text of each resource. */
  readonly resourceBytes: number;
  readonly templates: number;
  readonly prompts: number;
  /** Of every method, defaults filled in. */
  readonly hints: Readonly<Record<CacheableMethod, MethodHint>>;
}

/** Of a profile that says nothing of it: the hints of tools for every method. */
export function defaultOffer({
  ttlMs,
  cacheScope,
}: Pick<ToolSettings, 'ttlMs' | 'cacheScope'>): OfferSettings {
  const hint: MethodHint = { ttlMs, cacheScope };
  const hints = Object.fromEntries(CACHEABLE_METHODS.map((method) => [method, hint]));
  return {
    resources: 0,
    resourceBytes: 4096,
    templates: 0,
    prompts: 0,
    hints: hints as Record<CacheableMethod, MethodHint>,
  };
}
