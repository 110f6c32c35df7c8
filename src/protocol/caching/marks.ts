/** @module How an answer says that a cache on the way gave it: entries of `Server-Timing`, which every driver reads. */

/** Entry of `Server-Timing` (W3C) whose description is one of {@link CACHE_MARKS}: `cache;desc=hit`. */
export const CACHE_ENTRY = 'cache';
/** Entry with the age of the stored answer as its duration in milliseconds: `cache-age;dur=812.3`. */
export const AGE_ENTRY = 'cache-age';

/** `hit`: given from the cache. `stale`: given although it was not fresh any more. `wait`: given from the answer to another request that was under way. `miss`: fetched. */
export const CACHE_MARKS = ['hit', 'stale', 'wait', 'miss'] as const;
export type CacheMark = (typeof CACHE_MARKS)[number];
