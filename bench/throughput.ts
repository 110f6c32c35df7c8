/** @module Closed loop: calls per second of each client on one core, as ratios within a round. */
import type { DriverName } from '../src/profile/settings.ts';
import { CONNECTIONS, type Load, measure } from './load.ts';
import { type BenchClient, otherClients, type Throughput } from './other-clients.ts';
import { formatSpread, orderOf, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startTarget } from './target.ts';

/** The goals for `wire`. */
const GOALS: readonly Goal[] = [
  { client: 'wire', base: 'autocannon', atLeast: 1.65 },
  { client: 'wire', base: 'wrk', atLeast: 0.85 },
];
/** The goal for the CPU time of `wire`, relative to that of wrk. */
const CPU_GOAL = 8.8 / 7.4;

/** Compares Paceline's drivers with all installed clients, against one static server. */
export const throughput: Section = {
  name: 'throughput',
  title: 'Closed loop on one core',
  method: `Every client runs in a fresh process on one core, the server on another, with ${CONNECTIONS} connections and the same tools/call with the full MCP headers. Paceline's drivers run the whole engine: a unique id, arguments and trace context per call, classified outcomes, recorded times. The others repeat one request. CPU time is user and system time of the client with all its threads. With \`--before FOLDER\`, the \`.bench\` folder of another checkout, that build runs as \`wire before\`. Rounds alternate, every second one in reverse order; ratios are taken within a round.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startTarget();
  const { before } = context;
  try {
    const { echoesIds: checkIds } = target;
    const drivers: readonly DriverName[] = ['wire', 'undici'];
    const clients = [
      ...drivers.map((driver) => ours(driver, { driver, checkIds })),
      ...(before === undefined ? [] : [ours('wire before', { driver: 'wire', checkIds, build: before })]),
      ...otherClients(),
    ];
    const result = await runRounds(clients, target.url, context);
    const names = clients.map(({ name }) => name);
    const bases = ['wrk', 'autocannon', 'undici dispatch', 'wire before'];
    return {
      tables: [throughputTable(`Calls per second against ${target.name}`, names, result, bases)],
      notes: [
        ...goalNotes(result.rounds, GOALS),
        ...cpuNote(result.cpu),
        checkIds
          ? 'Ids of the answers are checked.'
          : 'Ids of the answers are not checked: the server cannot echo them.',
        ...result.failures,
      ],
      data: { target: target.name, idsChecked: checkIds, rounds: result.rounds, cpu: result.cpu },
    };
  } finally {
    await target.stop();
  }
}

function cpuNote(cpu: readonly Round[]): readonly string[] {
  const ratio = ratioOf(cpu, 'wire', 'wrk');
  if (ratio === undefined) return [];
  const verdict = ratio.median <= CPU_GOAL ? 'reached' : 'MISSED';
  return [
    `A call takes ${ratio.median.toFixed(2)} x the CPU time that it takes wrk; the goal of at most ${CPU_GOAL.toFixed(2)} is ${verdict}.`,
  ];
}

/** Our own client, with what it varies; `name` as tables show it. */
export function ours(
  name: string,
  varied: Omit<Load, 'url' | 'seconds' | 'shape'> & { readonly concurrency?: number },
): BenchClient {
  const { concurrency = CONNECTIONS, ...load } = varied;
  return {
    name,
    async measure(url, seconds): Promise<Throughput> {
      const shape = { kind: 'closed', concurrency } as const;
      const { summary, generator, cpuUs } = await measure({ url, shape, seconds, ...load });
      const { done, ok } = summary.calls;
      const perSecond = summary.rate.achievedPerSecond;
      return {
        perSecond,
        failed: done - ok,
        busyUs: (generator.cpu * 1e6) / perSecond,
        ...(cpuUs !== undefined && { cpuUs: cpuUs / (perSecond * seconds) }),
      };
    },
  };
}

export interface Rounds {
  readonly rounds: readonly Round[];
  /** Busy microseconds per call of the clients that say it. */
  readonly busy: readonly Round[];
  /** CPU microseconds per call, of all threads, of the clients whose CPU time is known. */
  readonly cpu: readonly Round[];
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
  const cpu: Round[] = [];
  const failures: string[] = [];
  for (let index = 0; index < effort.rounds; index += 1) {
    const round: Record<string, number> = {};
    const costs: Record<string, number> = {};
    const cpuTimes: Record<string, number> = {};
    for (const client of orderOf(clients, index)) {
      say(`round ${index + 1}/${effort.rounds}: ${client.name}`);
      const { perSecond, failed, busyUs, cpuUs } = await client.measure(url, effort.seconds);
      if (failed === 0) {
        round[client.name] = perSecond;
        if (busyUs !== undefined) costs[client.name] = busyUs;
        if (cpuUs !== undefined) cpuTimes[client.name] = cpuUs;
      } else
        failures.push(`round ${index + 1}: ${failed} calls of ${client.name} failed, so it is left out.`);
    }
    rounds.push(round);
    busy.push(costs);
    cpu.push(cpuTimes);
  }
  return { rounds, busy, cpu, failures };
}

/** Calls per second, their ratios to `bases`, and CPU time per call, of the clients `names`. */
export function throughputTable(
  caption: string,
  names: readonly string[],
  { rounds, cpu }: Pick<Rounds, 'rounds' | 'cpu'>,
  bases: readonly string[],
): Table {
  const known = bases.filter((base) => names.includes(base));
  return {
    caption: `${caption}: median (min .. max) of ${rounds.length} rounds`,
    head: ['client', 'calls/s', ...known.map((base) => `x ${base}`), 'CPU us/call'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      ...known.map((base) => formatSpread(ratioOf(rounds, name, base), 2)),
      formatSpread(spreadOf(cpu.flatMap((round) => round[name] ?? [])), 1),
    ]),
  };
}

/** What a client has to reach: calls per second relative to another client of the same rounds. */
export interface Goal {
  readonly client: string;
  readonly base: string;
  readonly atLeast: number;
}

/** A sentence for each of `goals` whose clients were measured. */
export function goalNotes(rounds: readonly Round[], goals: readonly Goal[]): readonly string[] {
  return goals.flatMap(({ client, base, atLeast }) => {
    const ratio: Spread | undefined = ratioOf(rounds, client, base);
    if (ratio === undefined) return [];
    const verdict = ratio.median >= atLeast ? 'reached' : 'MISSED';
    return [
      `${client} is ${ratio.median.toFixed(2)} x ${base}; the goal of at least ${atLeast} is ${verdict}.`,
    ];
  });
}
