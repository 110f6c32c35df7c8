/** @module The methods whose results a client may keep, and what makes them stale. Source: MCP 2026-07-28, Caching. */

import { METHOD_NOT_FOUND } from '../error-codes.ts';
import { HEADER_MISMATCH } from '../headers.ts';

/** The methods whose results carry `ttlMs` and `cacheScope`. */
export const CACHEABLE_METHODS = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
] as const;
export type CacheableMethod = (typeof CACHEABLE_METHODS)[number];

/** Those whose results come in pages. */
export const LIST_METHODS = [
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
] as const satisfies readonly CacheableMethod[];

const CACHEABLE: ReadonlySet<string> = new Set(CACHEABLE_METHODS);

export function isCacheable(method: string): method is CacheableMethod {
  return CACHEABLE.has(method);
}

/** The notifications that make results stale, and the methods of these; `notifications/resources/updated` concerns the read of one URI only. */
export const INVALIDATED_BY: Readonly<Record<string, readonly CacheableMethod[]>> = {
  'notifications/tools/list_changed': ['tools/list'],
  'notifications/prompts/list_changed': ['prompts/list'],
  'notifications/resources/list_changed': ['resources/list', 'resources/templates/list'],
  'notifications/resources/updated': ['resources/read'],
};

/** Codes of JSON-RPC errors that are evidence of a stale list: unknown method, invalid parameters (such as an unknown tool), header mismatch. */
export const STALE_EVIDENCE: readonly number[] = [METHOD_NOT_FOUND, -32602, HEADER_MISMATCH];
