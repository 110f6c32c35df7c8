/** @module Closed loop: calls per second of each client on one core, as ratios within a round. */
import type { DriverName } from '../src/profile/settings.ts';
import type { Context } from './context.ts';
import { ratioGoal } from './goal.ts';
import { CONNECTIONS, type Load, measure } from './load.ts';
import { armsAt, type BenchClient, otherClients } from './other-clients.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startTarget } from './target.ts';

/** The most CPU time of a call of `wire`, relative to that of wrk. */
const MOST_CPU = 8.8 / 7.4;

/** Compares Paceline's drivers with all installed clients, against one static server. */
export const throughput: Section = {
  name: 'throughput',
  title: 'Closed loop on one core',
  method: `Every client runs in a fresh process on one core, the server on another, with ${CONNECTIONS} connections and the same tools/call with the full MCP headers. Paceline's drivers run the whole engine: a unique id, arguments and trace context per call, classified outcomes, recorded times. The others repeat one request. CPU time is user and system time of the client with all its threads. Rounds alternate, every second one in reverse order; ratios are taken within a round.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startTarget();
  try {
    const { echoesIds: checkIds } = target;
    const drivers: readonly DriverName[] = ['wire', 'undici'];
    const clients = [...drivers.map((driver) => ours(driver, { driver, checkIds })), ...otherClients()];
    const rounds = await runRounds(armsAt(target.url, clients), context);
    const perSecond = roundsOf(rounds, 'perSecond');
    const what = 'wire, calls per second';
    return {
      tables: [
        throughputTable(`Calls per second against ${target.name}`, rounds, [
          'wrk',
          'autocannon',
          'undici dispatch',
        ]),
      ],
      goals: [
        ratioGoal(perSecond, { what, client: 'wire', base: 'wrk', direction: 'at least', bound: 0.85 }),
        ratioGoal(perSecond, {
          what,
          client: 'wire',
          base: 'autocannon',
          direction: 'at least',
          bound: 1.65,
        }),
        ratioGoal(roundsOf(rounds, 'cpuUs'), {
          what: 'wire, CPU time per call',
          client: 'wire',
          base: 'wrk',
          direction: 'at most',
          bound: MOST_CPU,
        }),
      ],
      notes: [
        checkIds
          ? 'Ids of the answers are checked.'
          : 'Ids of the answers are not checked: the server cannot echo them.',
      ],
      rounds: [rounds],
      data: { target: target.name, idsChecked: checkIds },
    };
  } finally {
    await target.stop();
  }
}

/** Our own client, with what it varies; `name` as tables show it. */
export function ours(
  name: string,
  varied: Omit<Load, 'url' | 'seconds' | 'shape' | 'build'> & { readonly concurrency?: number },
): BenchClient {
  const { concurrency = CONNECTIONS, ...load } = varied;
  return {
    name,
    of: 'paceline',
    async measure(url, seconds, build) {
      const shape = { kind: 'closed', concurrency } as const;
      const { summary, generator, cpuUs } = await measure({ url, shape, seconds, build, ...load });
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

/** Calls per second, their ratios to `bases`, and CPU time per call, of all clients. */
export function throughputTable(caption: string, rounds: Rounds, bases: readonly string[]): Table {
  const { names } = rounds;
  const perSecond = roundsOf(rounds, 'perSecond');
  const known = bases.filter((base) => names.includes(base));
  return {
    caption: `${caption}: median (min .. max) of ${perSecond.length} rounds`,
    head: ['client', 'calls/s', ...known.map((base) => `x ${base}`), 'CPU us/call'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'perSecond', name), 0),
      ...known.map((base) => formatSpread(ratioOf(perSecond, name, base), 2)),
      formatSpread(spreadIn(rounds, 'cpuUs', name), 1),
    ]),
  };
}
