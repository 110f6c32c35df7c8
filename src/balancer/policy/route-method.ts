/** @module Policy `route-method`: a pool of upstreams for `tools/call`, another for everything else. */
import { type CreatePolicy, NONE, type Policy, type UpstreamState } from './policy.ts';
import { CALLS, listPool } from './pools.ts';
import { roundRobin } from './round-robin.ts';

/**
 * Routes on `Mcp-Method`: the first quarter of the upstreams (rounded up) serves everything that is not `tools/call`, the others
 * serve `tools/call`, with round-robin in each pool. If a whole pool is down, the other pool serves its requests. Requests of
 * the sessions era carry no `Mcp-Method`, so none of them counts as `tools/call`.
 */
export const routeMethod: CreatePolicy = (upstreams, seed) => {
  let pools = poolsOf(upstreams, seed);
  return {
    choose(request) {
      // An upstream was added: divide the fleet again.
      if (pools.size !== upstreams.length) pools = poolsOf(upstreams, seed);
      const { lists, calls, offset } = pools;
      const list = (): number => lists.choose(request);
      const call = (): number => {
        const chosen = calls.choose(request);
        return chosen === NONE ? NONE : chosen + offset;
      };
      const [first, second] = request.mcpMethod === CALLS ? [call, list] : [list, call];
      const chosen = first();
      return chosen === NONE ? second() : chosen;
    },
  };
};

interface Pools {
  readonly size: number;
  readonly lists: Policy;
  readonly calls: Policy;
  /** Index of the first upstream for `tools/call`. */
  readonly offset: number;
}

function poolsOf(upstreams: readonly UpstreamState[], seed: number): Pools {
  const size = upstreams.length;
  const lists = listPool(size);
  const offset = lists === size ? 0 : lists;
  return {
    size,
    lists: roundRobin(upstreams.slice(0, lists), seed),
    calls: roundRobin(upstreams.slice(offset), seed),
    offset,
  };
}
