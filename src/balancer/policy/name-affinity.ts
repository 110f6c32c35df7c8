/** @module Policy `name-affinity`: all calls of a tool go to one upstream, so that its caches are reused. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';
import { roundRobin } from './round-robin.ts';

/**
 * A consistent hash of `Mcp-Name` (nginx `hash $http_mcp_name consistent`). Requests without a name, such as lists and all requests
 * of the sessions era, go round-robin. The fleet is unbalanced when there are hardly more names than upstreams, or when one name
 * gets most of the calls.
 */
export const nameAffinity: CreatePolicy = (upstreams, seed) => {
  const owner = rendezvous(upstreams, seed);
  const fallback = roundRobin(upstreams, seed);
  return {
    choose: (request) =>
      request.mcpName === undefined || request.mcpName === ''
        ? fallback.choose(request)
        : owner(request.mcpName),
  };
};
