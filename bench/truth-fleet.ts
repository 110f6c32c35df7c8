/** @module Starts real lean servers with one slot each, bound to the servers' core, for the truth of finite servers. */

import { type Balancer, startBalancer } from '../src/balancer/balancer.ts';
import { completeOffer } from '../src/profile/section/offer.ts';
import type { FleetSettings, PolicyName, ServiceTime } from '../src/profile/settings.ts';
import { startFleet } from '../src/testbed/fleet/fleet.ts';
import { CORE, pinProcess } from './command.ts';

export interface ServerOptions {
  readonly instances: number;
  readonly work: ServiceTime;
  /** The policy of the embedded balancer in front of them. Without it, there is no balancer. */
  readonly policy?: PolicyName;
  /** The seed of the service times and of the policy. */
  readonly seed: number;
}

/** Starts the servers, runs `use` with their URL, and stops them. Resolves with the result of `use`. */
export async function withServers<T>(
  { instances, work, policy, seed }: ServerOptions,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const fleet = await startFleet({ settings: fleetOf(instances, work), seed });
  let balancer: Balancer | undefined;
  try {
    if (policy !== undefined) {
      const settings = { engine: 'embedded', policy } as const;
      balancer = await startBalancer({ settings, upstreams: fleet.instances, seed });
    }
    const processes = [...fleet.instances, ...(balancer === undefined ? [] : [balancer])];
    for (const { pid } of processes) await pinProcess(CORE.server, pid);
    return await use(balancer?.url ?? fleet.instances[0]!.url);
  } finally {
    await balancer?.stop();
    await fleet.stop();
  }
}

const fleetOf = (instances: number, work: ServiceTime): FleetSettings => ({
  kind: 'fleet',
  server: 'lean',
  era: 'stateless',
  instances,
  tools: { catalogue: 3, work, reportBytes: 1024, ttlMs: 300_000, cacheScope: 'public', concurrency: 1 },
  offer: completeOffer({ ttlMs: 300_000, cacheScope: 'public' }),
  instanceHeader: 'x-served-by',
});
