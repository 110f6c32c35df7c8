/** @module The pools of upstreams in a configuration: one, or with `route-method` one for calls and one for the rest. */
import { listPool } from '../../policy/pools.ts';
import type { Topology, UpstreamAddress } from '../../topology.ts';

export interface Pool {
  readonly name: string;
  /** The requests it serves, for a comment. */
  readonly serves: string;
  readonly upstreams: readonly UpstreamAddress[];
  /** Used only while all of `upstreams` are down. */
  readonly backups: readonly UpstreamAddress[];
}

/** The pools of `topology`. The second, if there is one, serves `tools/call`; the first serves everything else. */
export function poolsOf({ policy, upstreams }: Topology): readonly [Pool, Pool?] {
  const lists = listPool(upstreams.length);
  if (policy !== 'route-method' || lists === upstreams.length) {
    return [{ name: 'mcp', serves: 'everything', upstreams, backups: [] }];
  }
  const [first, rest] = [upstreams.slice(0, lists), upstreams.slice(lists)];
  return [
    { name: 'mcp_lists', serves: 'everything that is not tools/call', upstreams: first, backups: rest },
    { name: 'mcp_calls', serves: 'tools/call', upstreams: rest, backups: first },
  ];
}
