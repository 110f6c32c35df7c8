/** @module How `route-method` divides a fleet into pools. */

/** The only method with its own pool. */
export const CALLS = 'tools/call';

/**
 * How many of `size` upstreams, counted from the first, serve everything that is not `tools/call`: a quarter, rounded
 * up. The others serve `tools/call`; a single upstream serves both.
 */
export function listPool(size: number): number {
  return Math.ceil(size / 4);
}
