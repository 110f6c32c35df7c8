/** @module The finding about settings of caches that have no effect, because no variant keeps a result. */
import type { EffectiveSettings } from '../../result/settings.ts';
import type { Model } from '../model.ts';
import { list } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** Nothing where a variant keeps results: the others are what it is compared with. */
export function idleSettings({ variants }: Model): readonly Finding[] {
  const caches = variants.flatMap(({ name, variant }) => {
    const cache = variant.settings.effective?.cache;
    return cache === undefined ? [] : [{ name, cache }];
  });
  if (caches.some(({ cache }) => cache.honour)) return [];
  const idle = caches.filter(({ cache }) => isSet(cache));
  if (idle.length === 0) return [];
  const where = idle.length === variants.length ? '' : ` of ${list(idle.map(({ name }) => quoted(name)))}`;
  return [
    {
      tone: 'warning',
      text: `The settings of cache${where} had no effect, because no result was kept (cache.honour: true keeps them).`,
    },
  ];
}

/** Whether anything but the default is set. */
const isSet = (cache: NonNullable<EffectiveSettings['cache']>): boolean =>
  cache.at !== 'agent' ||
  cache.capacity !== undefined ||
  cache.singleFlight ||
  cache.jitter > 0 ||
  cache.staleIfErrorUs > 0 ||
  cache.subscribe ||
  cache.maxStaleUs !== undefined;
