/** @module What an entry of a cache is for: a method and the parameter that its result depends on. Source: MCP 2026-07-28, Caching. */
import type { CacheableMethod } from '../protocol/caching/methods.ts';

/** Method and, after a space, `uri` or `cursor`. No method contains a space, so that different requests have different keys. */
export type CacheKey = string;

/** The key of a request; `parameter` is its `uri` or `cursor`. No cursor and the cursor `""` are different requests. */
export function keyOf(method: CacheableMethod, parameter?: string): CacheKey {
  return parameter === undefined ? method : `${method} ${parameter}`;
}

/** Whether `key` is of a request of `method`, with whatever parameter. */
export function isOf(key: CacheKey, method: CacheableMethod): boolean {
  return key.startsWith(method) && (key.length === method.length || key[method.length] === ' ');
}
