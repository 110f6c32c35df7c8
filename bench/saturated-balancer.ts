/** @module Balancers at their limit: calls per second that one core of each can forward. */
import { readFileSync } from 'node:fs';
import { type Balancer, startBalancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
import type { EngineName } from '../src/profile/settings.ts';
import { cpuTime } from './balancer.ts';
import { type BalancerRound, busyShare, capacityOf, closedTable, spreadIn } from './balancer-figures.ts';
import { CORE, pinProcess } from './command.ts';
import { installed, wrk } from './other-clients.ts';
import { orderOf, ratioOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
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
  const rounds: BalancerRound[] = [];
  try {
    for (const name of enginesHere()) routes.push(await startRoute(name, upstream.url));
    for (const { balancer } of routes) await client.measure(balancer.url, effort.seconds);
    for (let index = 0; index < effort.rounds; index += 1) {
      const round: BalancerRound = { perSecond: {}, cpuUs: {}, p50Ms: {}, failures: [] };
      for (const { name, balancer } of orderOf(routes, index)) {
        const step = `round ${index + 1}/${effort.rounds}: ${name}`;
        say(step);
        const cpuBefore = cpuTimeOf(balancer.pid);
        const { perSecond, failed } = await client.measure(balancer.url, effort.seconds);
        const spentUs = cpuTimeOf(balancer.pid) - cpuBefore;
        if (failed > 0) round.failures.push(`${step}: ${failed} calls failed, so it is left out.`);
        else {
          round.perSecond[name] = perSecond;
          round.cpuUs[name] = spentUs / (perSecond * effort.seconds);
        }
      }
      rounds.push(round);
    }
  } finally {
    await Promise.all(routes.map(({ balancer }) => balancer.stop()));
    await upstream.stop();
  }
  const names = routes.map(({ name }) => name);
  return {
    tables: [closedTable(names, rounds)],
    notes: [...goalNote(names, rounds), ...rounds.flatMap(({ failures }) => failures)],
    data: rounds,
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
const cpuTimeOf = (pid: number): number =>
  [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuTime(each), 0);

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function goalNote(names: readonly string[], rounds: readonly BalancerRound[]): readonly string[] {
  const ratio = ratioOf(rounds.map(capacityOf), 'embedded', 'haproxy');
  if (ratio === undefined) return ['HAProxy is not installed, so there is no comparison.'];
  const verdict = ratio.median >= GOAL ? 'reached' : 'MISSED';
  const idle = names.filter((name) => (spreadIn(rounds.map(busyShare), name)?.median ?? 0) < SATURATED);
  return [
    `A core of embedded forwards ${ratio.median.toFixed(2)} x the calls of a core of HAProxy; the goal of at least ${GOAL} is ${verdict}.`,
    ...(idle.length === 0
      ? []
      : [`${idle.join(' and ')} did not saturate a core; the ratio of capacities is by CPU time.`]),
  ];
}
