/** @module Compares the embedded balancer with HAProxy: the throughput of one core, and the time each adds to a call. */

import { readFileSync } from 'node:fs';
import { type Balancer, startBalancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
import { completeOffer } from '../src/profile/section/offer.ts';
import type { EngineName, FleetSettings } from '../src/profile/settings.ts';
import { type Fleet, startFleet } from '../src/testbed/fleet/fleet.ts';
import { type BalancerRound, closedTable, openTable, RATE, verdicts } from './balancer-figures.ts';
import { CORE, pinProcess } from './command.ts';
import { CONNECTIONS, type Measured, measure } from './load.ts';
import { orderOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';

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

/** A route to the servers: direct, or through a balancer. */
interface Route {
  readonly name: 'direct' | EngineName;
  readonly url: string;
  readonly balancer?: Balancer;
}

async function run(context: Context): Promise<Outcome> {
  const fleet = await startFleet({ settings: FLEET, seed: 1 });
  const routes: Route[] = [];
  try {
    for (const { pid } of fleet.instances) await pinProcess(CORE.client, pid);
    routes.push({ name: 'direct', url: fleet.instances[0]!.url });
    for (const engine of engines()) routes.push(await startRoute(engine, fleet));
    const rounds = await runRounds(routes, context);
    return {
      tables: [
        closedTable(
          routes.flatMap(({ name, balancer: through }) => (through === undefined ? [] : name)),
          rounds,
        ),
        openTable(
          routes.map(({ name }) => name),
          rounds,
        ),
      ],
      notes: [...verdicts(rounds), ...rounds.flatMap(({ failures }) => failures)],
      data: rounds,
    };
  } finally {
    await Promise.all(routes.map((route) => route.balancer?.stop()));
    await fleet.stop();
  }
}

const engines = (): readonly EngineName[] =>
  findProgram('haproxy') === undefined ? ['embedded'] : ['embedded', 'haproxy'];

async function startRoute(engine: EngineName, { instances }: Fleet): Promise<Route> {
  const settings = { engine, policy: 'round-robin' } as const;
  const started = await startBalancer({ settings, upstreams: instances, seed: 1 });
  await pinProcess(CORE.server, started.pid);
  return { name: engine, url: started.url, balancer: started };
}

async function runRounds(
  routes: readonly Route[],
  { effort, say }: Context,
): Promise<readonly BalancerRound[]> {
  const balancers = routes.filter((route) => route.balancer !== undefined);
  for (const route of balancers) {
    say(`warming up: ${route.name}`);
    await closedLoop(route, 1);
  }
  const rounds: BalancerRound[] = [];
  for (let index = 0; index < effort.rounds; index += 1) {
    const round: BalancerRound = { perSecond: {}, cpuUs: {}, p50Ms: {}, failures: [] };
    const begin = (what: string, { name }: Route): string => {
      const step = `round ${index + 1}/${effort.rounds}: ${what}, ${name}`;
      say(step);
      return step;
    };
    for (const route of orderOf(balancers, index)) {
      const step = begin('closed loop', route);
      const { measured, cpuUs } = await closedLoop(route, effort.seconds);
      if (failed(measured, step, round)) continue;
      round.perSecond[route.name] = measured.summary.rate.achievedPerSecond;
      if (cpuUs !== undefined) round.cpuUs[route.name] = cpuUs;
    }
    for (const route of orderOf(routes, index)) {
      const step = begin(`${RATE}/s`, route);
      const measured = await openLoop(route, effort.seconds);
      if (!failed(measured, step, round))
        round.p50Ms[route.name] = measured.summary.responseTime.p50Us / 1000;
    }
    rounds.push(round);
  }
  return rounds;
}

/** True for a measurement with failed calls. It is noted and left out, because failed calls can be faster. */
function failed({ summary: { calls } }: Measured, what: string, { failures }: BalancerRound): boolean {
  if (calls.ok === calls.due) return false;
  failures.push(`${what}: ${calls.due - calls.ok} calls failed, so it is left out.`);
  return true;
}

interface Closed {
  readonly measured: Measured;
  /** CPU time of the balancer per request, including the client's warm-up; undefined if the system does not report it. */
  readonly cpuUs: number | undefined;
}

async function closedLoop({ url, balancer: through }: Route, seconds: number): Promise<Closed> {
  const before = await usage(through!);
  const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
  const measured = await measure({ url, driver: 'wire', shape, seconds });
  const after = await usage(through!);
  const requests = after.requests - before.requests;
  const cpuUs = (after.cpuUs - before.cpuUs) / requests;
  return { measured, cpuUs: requests > 0 && Number.isFinite(cpuUs) ? cpuUs : undefined };
}

const openLoop = ({ url }: Route, seconds: number): Promise<Measured> =>
  measure({ url, driver: 'wire', shape: { kind: 'rate', perSecond: RATE }, seconds });

/** The balancer's counts so far. The CPU time is NaN if the system does not report it. */
async function usage(through: Balancer): Promise<{ readonly requests: number; readonly cpuUs: number }> {
  const { upstreams = [] } = (await through.stats()) ?? {};
  return {
    requests: upstreams.reduce((sum, { requests }) => sum + requests, 0),
    cpuUs: cpuTime(through.pid),
  };
}

/** CPU time of a process so far, in microseconds; NaN if the system does not report it. */
export function cpuTime(pid: number): number {
  try {
    return readCpuTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Microseconds of CPU time in a line of `/proc/PID/stat`: user and system, of all threads, in ticks of 10 ms (proc(5), USER_HZ). */
export function readCpuTime(stat: string): number {
  // The second field is a name in parentheses and may contain spaces; utime and stime are the 14th and the 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
