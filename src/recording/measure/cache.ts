/** @module Caching: what was given from caches, what was fetched and why, and what followed changes of the catalogue. */
import type { CacheCounts } from './cache-counts.ts';
import { mergeCache, mergeCacheRepetitions } from './cache-merge.ts';
import type { Measure } from './measure.ts';

export const cache: Measure<CacheCounts> = {
  name: 'cache',
  start: () => undefined,
  merge: mergeCache,
  mergeRepetitions: mergeCacheRepetitions,
};
