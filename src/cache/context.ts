/** @module For whom an entry of a cache is. Source: MCP 2026-07-28, Caching (`cacheScope`). */

/** The authorization context of whoever asks: of an agent its principal, at a gateway the token. */
export type Context = string;

/** Of callers without credentials. */
export const NO_CONTEXT: Context = '';
