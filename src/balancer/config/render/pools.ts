/** @module The groups of upstreams a configuration names: one, or with `route-method` one for calls and one for the rest. */
import { listPool } from '../../policy/pools.ts';
import type { Topology, UpstreamAddress } from '../../topology.ts';

export interface Pool {
  readonly name: string;
  /** What it serves, for a comment. */
  readonly serves: string;
  readonly upstreams: readonly UpstreamAddress[];
  /** Used only when none of `upstreams` is up. */
  readonly standIns: readonly UpstreamAddress[];
}

/** The pools of `topology`; the first serves whatever no rule sends elsewhere, the second, if there is one, `tools/call`. */
export function poolsOf({ policy, upstreams }: Topology): readonly [Pool, Pool?] {
  const lists = listPool(upstreams.length);
  if (policy !== 'route-method' || lists === upstreams.length) {
    return [{ name: 'mcp', serves: 'everything', upstreams, standIns: [] }];
  }
  const [first, rest] = [upstreams.slice(0, lists), upstreams.slice(lists)];
  return [
    { name: 'mcp_lists', serves: 'everything that is not tools/call', upstreams: first, standIns: rest },
    { name: 'mcp_calls', serves: 'tools/call', upstreams: rest, standIns: first },
  ];
}
