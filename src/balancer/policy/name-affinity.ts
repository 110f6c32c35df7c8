/** @module Policy `name-affinity`: each tool at home on one upstream, so that what it caches is used again. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';
import { roundRobin } from './round-robin.ts';

/**
 * A consistent hash on `Mcp-Name` (nginx `hash $http_mcp_name consistent`). Requests without a name, lists for
 * example and all of the sessions era, go round-robin. As few names as upstreams, or one busy name, leave the fleet
 * unbalanced: that is its price.
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
