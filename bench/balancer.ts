/** @module The embedded balancer against HAProxy: what one core of each can carry, and what each adds to a call. */
import { readFileSync } from 'node:fs';
import { type Balancer, startBalancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
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
  instanceHeader: 'x-served-by',
};

/** Throughput, CPU time per request, and added response time of both. */
export const balancer: Section = {
  name: 'balancer',
  title: 'The embedded balancer and HAProxy on one core',
  method: `The driver \`wire\` through one balancer after the other (round-robin, one thread) to the same two lean servers, ids checked. The balancer has a core of its own, servers and client share the other one. Closed loop: ${CONNECTIONS} connections; the balancer's CPU time (user and system, all its threads) over the requests it passed on is what a request costs it, and its inverse what one core carries, whoever was the limit. Open loop: ${RATE} calls a second with constant arrivals, the median response time less that of going to a server directly. Rounds alternate, every second one backwards; ratios and differences are taken within a round.`,
  run,
};

/** A way to the servers. */
interface Way {
  readonly name: 'direct' | EngineName;
  readonly url: string;
  readonly balancer?: Balancer;
}

async function run(context: Context): Promise<Outcome> {
  const fleet = await startFleet({ settings: FLEET, seed: 1 });
  const ways: Way[] = [];
  try {
    for (const { pid } of fleet.instances) await pinProcess(CORE.client, pid);
    ways.push({ name: 'direct', url: fleet.instances[0]!.url });
    for (const engine of engines()) ways.push(await startWay(engine, fleet));
    const rounds = await race(ways, context);
    return {
      tables: [
        closedTable(
          ways.flatMap(({ name, balancer: through }) => (through === undefined ? [] : name)),
          rounds,
        ),
        openTable(
          ways.map(({ name }) => name),
          rounds,
        ),
      ],
      notes: [...verdicts(rounds), ...rounds.flatMap(({ failures }) => failures)],
      data: rounds,
    };
  } finally {
    await Promise.all(ways.map((way) => way.balancer?.stop()));
    await fleet.stop();
  }
}

const engines = (): readonly EngineName[] =>
  findProgram('haproxy') === undefined ? ['embedded'] : ['embedded', 'haproxy'];

async function startWay(engine: EngineName, { instances }: Fleet): Promise<Way> {
  const settings = { engine, policy: 'round-robin' } as const;
  const started = await startBalancer({ settings, upstreams: instances, seed: 1 });
  await pinProcess(CORE.server, started.pid);
  return { name: engine, url: started.url, balancer: started };
}

async function race(ways: readonly Way[], { effort, say }: Context): Promise<readonly BalancerRound[]> {
  const balancers = ways.filter((way) => way.balancer !== undefined);
  for (const way of balancers) {
    say(`warming up: ${way.name}`);
    await closedLoop(way, 1);
  }
  const rounds: BalancerRound[] = [];
  for (let index = 0; index < effort.rounds; index += 1) {
    const round: BalancerRound = { perSecond: {}, cpuUs: {}, p50Ms: {}, failures: [] };
    const begin = (what: string, { name }: Way): string => {
      const step = `round ${index + 1}/${effort.rounds}: ${what}, ${name}`;
      say(step);
      return step;
    };
    for (const way of orderOf(balancers, index)) {
      const step = begin('closed loop', way);
      const { measured, cpuUs } = await closedLoop(way, effort.seconds);
      if (failed(measured, step, round)) continue;
      round.perSecond[way.name] = measured.summary.rate.achievedPerSecond;
      if (cpuUs !== undefined) round.cpuUs[way.name] = cpuUs;
    }
    for (const way of orderOf(ways, index)) {
      const step = begin(`${RATE}/s`, way);
      const measured = await openLoop(way, effort.seconds);
      if (!failed(measured, step, round)) round.p50Ms[way.name] = measured.summary.responseTime.p50Us / 1000;
    }
    rounds.push(round);
  }
  return rounds;
}

/** A run with failed calls says nothing of speed: it is noted, and left out. */
function failed({ summary: { calls } }: Measured, what: string, { failures }: BalancerRound): boolean {
  if (calls.ok === calls.due) return false;
  failures.push(`${what}: ${calls.due - calls.ok} calls failed, so it is left out.`);
  return true;
}

interface Closed {
  readonly measured: Measured;
  /** Of the balancer per request, the warm-up of the client included; undefined where the system does not tell. */
  readonly cpuUs: number | undefined;
}

async function closedLoop({ url, balancer: through }: Way, seconds: number): Promise<Closed> {
  const before = await usage(through!);
  const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
  const measured = await measure({ url, driver: 'wire', shape, seconds });
  const after = await usage(through!);
  const requests = after.requests - before.requests;
  const cpuUs = (after.cpuUs - before.cpuUs) / requests;
  return { measured, cpuUs: requests > 0 && Number.isFinite(cpuUs) ? cpuUs : undefined };
}

const openLoop = ({ url }: Way, seconds: number): Promise<Measured> =>
  measure({ url, driver: 'wire', shape: { kind: 'rate', perSecond: RATE }, seconds });

/** What a balancer has done so far; the time is NaN where the system does not tell. */
async function usage(through: Balancer): Promise<{ readonly requests: number; readonly cpuUs: number }> {
  const { upstreams = [] } = (await through.stats()) ?? {};
  return {
    requests: upstreams.reduce((sum, { requests }) => sum + requests, 0),
    cpuUs: cpuTime(through.pid),
  };
}

function cpuTime(pid: number): number {
  try {
    return readCpuTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Microseconds of CPU time in a line of `/proc/PID/stat`: user and system, of all threads, in ticks of 10 ms (proc(5), USER_HZ). */
export function readCpuTime(stat: string): number {
  // The second field is a name in parentheses, with whatever in it; utime and stime are the 14th and the 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
