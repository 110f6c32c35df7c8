/** @module Compares the embedded balancer with HAProxy: the throughput of one core, and the time each adds to a call. */
import type { Balancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
import { completeOffer } from '../src/profile/section/offer.ts';
import type { FleetSettings } from '../src/profile/settings.ts';
import { startFleet } from '../src/testbed/fleet/fleet.ts';
import {
  addedGoal,
  capacityGoal,
  closedTable,
  limitsOf,
  openTable,
  RATE,
  throughputGoal,
} from './balancer-figures.ts';
import { cpuTimeOf, Routes } from './balancer-routes.ts';
import { CORE, pinProcess } from './command.ts';
import type { Context } from './context.ts';
import { CONNECTIONS, measure } from './load.ts';
import { type Arm, runRounds, type Sample } from './rounds.ts';
import type { Outcome, Section } from './section.ts';

const FLEET: FleetSettings = {
  kind: 'fleet',
  server: 'lean',
  era: 'stateless',
  instances: 2,
  tools: {
    catalogue: 12,
    work: { kind: 'constant', us: 0 },
    reportBytes: 1024,
    ttlMs: 300_000,
    cacheScope: 'public',
  },
  offer: completeOffer({ ttlMs: 300_000, cacheScope: 'public' }),
  instanceHeader: 'x-served-by',
};

/** Measures throughput, CPU time per request and added response time of both. */
export const balancer: Section = {
  name: 'balancer',
  title: 'The embedded balancer and HAProxy on one core',
  method: `The driver \`wire\` through one balancer after the other (round-robin, one thread) to the same two lean servers, ids checked. The balancer has its own core; servers and client share the other one. Closed loop: ${CONNECTIONS} connections. The cost of a request is the balancer's CPU time (user and system, all threads) divided by the requests it forwarded. The inverse is the capacity of one core, whatever the bottleneck was. Open loop: ${RATE} calls per second with constant arrivals; the added time is the median response time minus that of a direct connection to a server. Rounds alternate, every second one in reverse order; ratios and differences are taken within a round.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const fleet = await startFleet({ settings: FLEET, seed: 1 });
  const routes = new Routes({
    engines: findProgram('haproxy') === undefined ? ['embedded'] : ['embedded', 'haproxy'],
    upstreams: fleet.instances,
    warmUp: (balancer) => closedLoop(balancer, 1),
  });
  try {
    for (const { pid } of fleet.instances) await pinProcess(CORE.client, pid);
    const direct: Arm = {
      name: 'direct',
      of: 'other program',
      measure: (seconds) => openLoop(fleet.instances[0]!.url, seconds),
    };
    const closed = await runRounds(routes.arms(closedLoop), context, 'closed loop');
    const through = routes.arms(({ url }, seconds) => openLoop(url, seconds));
    const open = await runRounds([direct, ...through], context, `${RATE}/s`);
    return {
      tables: [closedTable(closed), openTable(open)],
      goals: [throughputGoal(closed), capacityGoal(closed), addedGoal(open)],
      notes: limitsOf(closed),
      rounds: [closed, open],
    };
  } finally {
    await routes.stop();
    await fleet.stop();
  }
}

/** A closed loop through `balancer`. The CPU time is that of the balancer per request, those of the client's warm-up included. */
async function closedLoop(balancer: Balancer, seconds: number): Promise<Sample> {
  const before = await usage(balancer);
  const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
  const { summary } = await measure({ url: balancer.url, driver: 'wire', shape, seconds });
  const after = await usage(balancer);
  const { due, ok } = summary.calls;
  return {
    failed: due - ok,
    perSecond: summary.rate.achievedPerSecond,
    cpuUs: (after.cpuUs - before.cpuUs) / (after.requests - before.requests),
  };
}

async function openLoop(url: string, seconds: number): Promise<Sample> {
  const shape = { kind: 'rate', perSecond: RATE } as const;
  const { summary } = await measure({ url, driver: 'wire', shape, seconds });
  const { due, ok } = summary.calls;
  return { failed: due - ok, p50Ms: summary.responseTime.p50Us / 1000 };
}

/** The balancer's counts so far. The CPU time is NaN if the system does not report it. */
async function usage(balancer: Balancer): Promise<{ readonly requests: number; readonly cpuUs: number }> {
  const { upstreams = [] } = (await balancer.stats()) ?? {};
  return {
    requests: upstreams.reduce((sum, { requests }) => sum + requests, 0),
    cpuUs: cpuTimeOf(balancer.pid),
  };
}
