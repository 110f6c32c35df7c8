/** @module Balancers at their limit: calls per second that one core of each can forward. */
import type { Balancer } from '../src/balancer/balancer.ts';
import { findProgram } from '../src/process/find-program.ts';
import type { EngineName } from '../src/profile/settings.ts';
import { capacityGoal, closedTable, limitsOf } from './balancer-figures.ts';
import { cpuTimeOf, Routes } from './balancer-routes.ts';
import { CORE } from './command.ts';
import type { Context } from './context.ts';
import { installed, type OtherClient, wrk } from './other-clients.ts';
import { runRounds, type Sample } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import { startTransports } from './target.ts';

/** Compares the embedded balancer with HAProxy and nginx, each saturated. */
export const saturatedBalancer: Section = {
  name: 'saturated-balancer',
  title: 'Saturated balancers on one core',
  method:
    'wrk through one balancer after the other (round-robin, one thread) to nginx with a fixed answer. The balancer has its own core; wrk and nginx share the other one, and are fast enough to saturate most balancers. CPU time is that of the balancer, user and system, divided by the requests that it forwarded; its inverse is the capacity of a core. Rounds alternate, every second one in reverse order.',
  run,
};

async function run(context: Context): Promise<Outcome> {
  const [client] = installed('wrk', wrk);
  if (client === undefined) throw new Error('wrk is not installed');
  const { seconds } = context.effort;
  const upstream = await startTransports(CORE.client);
  const routes = new Routes({
    engines: enginesHere(),
    upstreams: [1, 2].map((index) => ({ id: `i-${index}`, url: upstream.url })),
    warmUp: ({ url }) => client.measure(url, seconds),
  });
  try {
    const rounds = await runRounds(
      routes.arms((balancer, each) => forwardedBy(balancer, client, each)),
      context,
    );
    return {
      tables: [closedTable(rounds)],
      goals: [capacityGoal(rounds)],
      notes: limitsOf(rounds),
      rounds: [rounds],
    };
  } finally {
    await routes.stop();
    await upstream.stop();
  }
}

const enginesHere = (): readonly EngineName[] => [
  'embedded',
  ...(['haproxy', 'nginx'] as const).filter((program) => findProgram(program) !== undefined),
];

async function forwardedBy({ pid, url }: Balancer, client: OtherClient, seconds: number): Promise<Sample> {
  const beforeUs = cpuTimeOf(pid);
  const { perSecond, failed } = await client.measure(url, seconds);
  return { failed, perSecond, cpuUs: (cpuTimeOf(pid) - beforeUs) / (perSecond * seconds) };
}
