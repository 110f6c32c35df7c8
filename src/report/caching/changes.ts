/** @module The changes of the catalogue of all variants that had any, and what explains how long the old version was served. */
import type { CacheChangeFigures } from '../../result/measure/cache-figures.ts';
import type { Millis } from '../../units/time.ts';
import type { Model } from '../model.ts';
import { moment, plain } from '../wording.ts';
import { type Cached, cached, ttlOf } from './cached.ts';

/** A change in a variant. */
export interface ChangeRow {
  readonly one: Cached;
  readonly change: CacheChangeFigures;
}

export function changeRows(model: Model): readonly ChangeRow[] {
  return cached(model).flatMap((one) => one.cache.changes.map((change) => ({ one, change })));
}

/** `tools at 8 s`. */
export const changeText = ({ what, atMs }: CacheChangeFigures): string => `${plain(what)} at ${moment(atMs)}`;

/** For how long after a change caches may give the version before it: what was being fetched then, kept for its lifetime and on errors. */
export function explainedMs(one: Cached): Millis {
  const { cache, variant } = one;
  const fetchMs = (cache.originTime?.maxUs ?? 0) / 1000;
  if (!cache.honour) return fetchMs;
  const staleMs = (variant.settings.effective?.cache?.staleIfErrorUs ?? 0) / 1000;
  return fetchMs + (ttlOf(one)?.max ?? 0) + staleMs;
}
