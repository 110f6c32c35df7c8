/** @module Policy `route-method`: a pool of upstreams for `tools/call`, another for everything else. */
import { type CreatePolicy, NONE } from './policy.ts';
import { CALLS, listPool } from './pools.ts';
import { roundRobin } from './round-robin.ts';

/**
 * Routes on `Mcp-Method`: the first quarter of the upstreams (rounded up) serves everything that is not `tools/call`, the others
 * serve `tools/call`; round-robin in each. A pool of which nothing is live is stood in for by the other. Requests of
 * the sessions era carry no `Mcp-Method`, so all of them count as not `tools/call`.
 */
export const routeMethod: CreatePolicy = (upstreams, seed) => {
  const lists = listPool(upstreams.length);
  const calls = lists === upstreams.length ? 0 : lists;
  const toLists = roundRobin(upstreams.slice(0, lists), seed);
  const toCalls = roundRobin(upstreams.slice(calls), seed);
  return {
    choose(request) {
      const list = (): number => toLists.choose(request);
      const call = (): number => {
        const chosen = toCalls.choose(request);
        return chosen === NONE ? NONE : chosen + calls;
      };
      const [first, second] = request.mcpMethod === CALLS ? [call, list] : [list, call];
      const chosen = first();
      return chosen === NONE ? second() : chosen;
    },
  };
};
