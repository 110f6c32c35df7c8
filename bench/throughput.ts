/** @module Closed loop: calls per second of each client on one core, as ratios within a round. */
import type { DriverName } from '../src/profile/settings.ts';
import { CONNECTIONS, type Load, measure } from './load.ts';
import { type BenchClient, otherClients, type Throughput } from './other-clients.ts';
import { formatSpread, orderOf, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startTarget } from './target.ts';

/** The goals for `wire`. */
const GOALS: readonly { readonly base: string; readonly atLeast: number }[] = [
  { base: 'autocannon', atLeast: 2.0 },
  { base: 'wrk', atLeast: 0.75 },
  { base: 'undici dispatch', atLeast: 2.2 },
];

/** Compares Paceline's drivers with all installed clients, against one static server. */
export const throughput: Section = {
  name: 'throughput',
  title: 'Closed loop on one core',
  method: `Every client runs in a fresh process on one core, the server on another, with ${CONNECTIONS} connections and the same tools/call with the full MCP headers. Paceline's drivers run the whole engine: a unique id, arguments and trace context per call, classified outcomes, recorded times. The others repeat one request. Rounds alternate, every second one in reverse order; ratios are taken within a round.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startTarget();
  try {
    const drivers: readonly DriverName[] = ['wire', 'undici'];
    const own = drivers.map((driver) => ours(driver, { driver, checkIds: target.echoesIds }));
    const clients = [...own, ...otherClients()];
    const { rounds, failures } = await runRounds(clients, target.url, context);
    return {
      tables: [
        throughputTable(
          clients.map(({ name }) => name),
          rounds,
          target.name,
        ),
      ],
      notes: [
        ...goals(rounds),
        target.echoesIds
          ? 'Ids of the answers are checked.'
          : 'Ids of the answers are not checked: the server cannot echo them.',
        ...failures,
      ],
      data: { target: target.name, idsChecked: target.echoesIds, rounds },
    };
  } finally {
    await target.stop();
  }
}

/** Our own client, with what it varies; `name` as tables show it. */
export function ours(
  name: string,
  varied: Pick<Load, 'driver' | 'checkIds' | 'agents' | 'credentials' | 'build'>,
): BenchClient {
  return {
    name,
    async measure(url, seconds): Promise<Throughput> {
      const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
      const { summary, generator } = await measure({ url, shape, seconds, ...varied });
      const { done, ok } = summary.calls;
      const perSecond = summary.rate.achievedPerSecond;
      return { perSecond, failed: done - ok, busyUs: (generator.cpu * 1e6) / perSecond };
    },
  };
}

export interface Rounds {
  readonly rounds: readonly Round[];
  /** Busy microseconds per call of the clients that say it. */
  readonly busy: readonly Round[];
  /** One sentence for each measurement that was left out. */
  readonly failures: readonly string[];
}

/** Measures every client in every round. */
export async function runRounds(
  clients: readonly BenchClient[],
  url: string,
  { effort, say }: Context,
): Promise<Rounds> {
  const rounds: Round[] = [];
  const busy: Round[] = [];
  const failures: string[] = [];
  for (let index = 0; index < effort.rounds; index += 1) {
    const round: Record<string, number> = {};
    const costs: Record<string, number> = {};
    for (const client of orderOf(clients, index)) {
      say(`round ${index + 1}/${effort.rounds}: ${client.name}`);
      const { perSecond, failed, busyUs } = await client.measure(url, effort.seconds);
      if (failed === 0) {
        round[client.name] = perSecond;
        if (busyUs !== undefined) costs[client.name] = busyUs;
      } else
        failures.push(`round ${index + 1}: ${failed} calls of ${client.name} failed, so it is left out.`);
    }
    rounds.push(round);
    busy.push(costs);
  }
  return { rounds, busy, failures };
}

function throughputTable(names: readonly string[], rounds: readonly Round[], target: string): Table {
  const bases = ['wrk', 'autocannon', 'undici dispatch'].filter((base) => names.includes(base));
  return {
    caption: `Calls per second against ${target}: median (min .. max) of ${rounds.length} rounds`,
    head: ['client', 'calls/s', ...bases.map((base) => `x ${base}`)],
    rows: names.map((name) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      ...bases.map((base) => formatSpread(ratioOf(rounds, name, base), 2)),
    ]),
  };
}

function goals(rounds: readonly Round[]): readonly string[] {
  return GOALS.flatMap(({ base, atLeast }) => {
    const ratio: Spread | undefined = ratioOf(rounds, 'wire', base);
    if (ratio === undefined) return [];
    const verdict = ratio.median >= atLeast ? 'reached' : 'MISSED';
    return [`wire is ${ratio.median.toFixed(2)} x ${base}; the goal of at least ${atLeast} is ${verdict}.`];
  });
}
