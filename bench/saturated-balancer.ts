/** @module Balancers at their limit: calls per second that one core of each can forward. */
import { readFileSync } from 'node:fs';
import { type Balancer, startBalancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
import type { EngineName } from '../src/profile/settings.ts';
import { readCpuTime } from './balancer.ts';
import { CORE, pinProcess } from './command.ts';
import { installed, wrk } from './other-clients.ts';
import { formatSpread, orderOf, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startTransports } from './target.ts';

/** The goal for the calls per second of a core of the embedded balancer, relative to HAProxy. */
const GOAL = 0.85;
/** Above this share of its core, a balancer is the bottleneck. */
const SATURATED = 0.95;

/** Compares the embedded balancer with HAProxy and nginx, each saturated. */
export const saturatedBalancer: Section = {
  name: 'saturated-balancer',
  title: 'Saturated balancers on one core',
  method:
    'wrk through one balancer after the other (round-robin, one thread) to nginx with a fixed answer. The balancer has its own core; wrk and nginx share the other one, and are fast enough to saturate most balancers. CPU time is that of the balancer, user and system, divided by the requests that it forwarded; its inverse is the capacity of a core. Rounds alternate, every second one in reverse order.',
  run,
};

interface Route {
  readonly name: EngineName;
  readonly balancer: Balancer;
}

async function run({ effort, say }: Context): Promise<Outcome> {
  const [client] = installed('wrk', wrk);
  if (client === undefined) throw new Error('wrk is not installed');
  const upstream = await startTransports(CORE.client);
  const routes: Route[] = [];
  const perSecond: Round[] = [];
  const cpuUs: Round[] = [];
  const failures: string[] = [];
  try {
    for (const name of enginesHere()) routes.push(await startRoute(name, upstream.url));
    for (const { balancer } of routes) await client.measure(balancer.url, effort.seconds);
    for (let index = 0; index < effort.rounds; index += 1) {
      const rates: Record<string, number> = {};
      const costs: Record<string, number> = {};
      for (const { name, balancer } of orderOf(routes, index)) {
        say(`round ${index + 1}/${effort.rounds}: ${name}`);
        const cpuBefore = cpuTimeOf(balancer.pid);
        const { perSecond: rate, failed } = await client.measure(balancer.url, effort.seconds);
        const spentUs = cpuTimeOf(balancer.pid) - cpuBefore;
        if (failed > 0)
          failures.push(`round ${index + 1}: ${failed} calls through ${name} failed, so it is left out.`);
        else {
          rates[name] = rate;
          costs[name] = spentUs / (rate * effort.seconds);
        }
      }
      perSecond.push(rates);
      cpuUs.push(costs);
    }
  } finally {
    await Promise.all(routes.map(({ balancer }) => balancer.stop()));
    await upstream.stop();
  }
  const names = routes.map(({ name }) => name);
  return {
    tables: [tableOf(names, perSecond, cpuUs)],
    notes: [...goalNote(perSecond, cpuUs), ...failures],
    data: { perSecond, cpuUs },
  };
}

const enginesHere = (): readonly EngineName[] => [
  'embedded',
  ...(['haproxy', 'nginx'] as const).filter((program) => findProgram(program) !== undefined),
];

async function startRoute(name: EngineName, url: string): Promise<Route> {
  const settings = { engine: name, policy: 'round-robin' } as const;
  const upstreams = [1, 2].map((index) => ({ id: `i-${index}`, url }));
  const balancer = await startBalancer({ settings, upstreams, seed: 1 });
  for (const pid of [balancer.pid, ...childrenOf(balancer.pid)]) await pinProcess(CORE.server, pid);
  return { name, balancer };
}

/** CPU time of a process and its children so far. */
function cpuTimeOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce(
    (sum, each) => sum + readCpuTime(readFileSync(`/proc/${each}/stat`, 'utf8')),
    0,
  );
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

const capacityOf = (costs: Round): Round =>
  Object.fromEntries(Object.entries(costs).map(([name, us]) => [name, 1e6 / us]));

function tableOf(names: readonly string[], perSecond: readonly Round[], cpuUs: readonly Round[]): Table {
  const capacity = cpuUs.map(capacityOf);
  const spreadIn = (rounds: readonly Round[], name: string): Spread | undefined =>
    spreadOf(rounds.flatMap((round) => round[name] ?? []));
  return {
    caption: `Through each: median (min .. max) of ${perSecond.length} rounds`,
    head: ['balancer', 'calls/s', 'x haproxy', 'its core, %', 'CPU us/call', 'calls/s a core', 'x haproxy'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(perSecond, name), 0),
      formatSpread(ratioOf(perSecond, name, 'haproxy'), 2),
      formatSpread(spreadIn(sharesOf(perSecond, cpuUs), name), 0),
      formatSpread(spreadIn(cpuUs, name), 1),
      formatSpread(spreadIn(capacity, name), 0),
      formatSpread(ratioOf(capacity, name, 'haproxy'), 2),
    ]),
  };
}

/** The share of its core that each used, in percent. */
const sharesOf = (perSecond: readonly Round[], cpuUs: readonly Round[]): readonly Round[] =>
  perSecond.map((rates, index) =>
    Object.fromEntries(
      Object.entries(rates).map(([name, rate]) => [name, (rate * cpuUs[index]![name]!) / 1e4]),
    ),
  );

function goalNote(perSecond: readonly Round[], cpuUs: readonly Round[]): readonly string[] {
  const ratio = ratioOf(cpuUs.map(capacityOf), 'embedded', 'haproxy');
  if (ratio === undefined) return ['HAProxy is not installed, so there is no comparison.'];
  const verdict = ratio.median >= GOAL ? 'reached' : 'MISSED';
  const idle = Object.keys(perSecond[0] ?? {}).filter((name) => {
    const share = spreadOf(sharesOf(perSecond, cpuUs).flatMap((round) => round[name] ?? []));
    return (share?.median ?? 0) < SATURATED * 100;
  });
  return [
    `A core of embedded forwards ${ratio.median.toFixed(2)} x the calls of a core of HAProxy; the goal of at least ${GOAL} is ${verdict}.`,
    ...(idle.length === 0
      ? []
      : [`${idle.join(' and ')} did not saturate a core; the ratio of capacities is by CPU time.`]),
  ];
}
