/** @module Caching: what was given from caches, what was fetched and why, and what followed changes of the catalogue. */
import type { CacheCounts } from './cache-counts.ts';
import { mergeCache, mergeCacheRepetitions } from './cache-merge.ts';
import { CacheTally } from './cache-tally.ts';
import type { Measure } from './measure.ts';

export const cache: Measure<CacheCounts, CacheTally> = {
  name: 'cache',
  start: ({ cache: load, calls = [], auth }) =>
    load &&
    new CacheTally({
      load,
      methods: calls.map(({ method }) => method),
      checked: auth !== undefined && auth.mode !== 'none',
    }),
  merge: mergeCache,
  mergeRepetitions: mergeCacheRepetitions,
};
