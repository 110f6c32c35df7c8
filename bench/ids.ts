/** @module Measures the cost of checking the id of every answer, and of an agent for every caller. */
import type { Context } from './context.ts';
import { ratioGoal } from './goal.ts';
import { armsAt, type BenchClient } from './other-clients.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho } from './target.ts';
import { ours } from './throughput.ts';

/** The number of callers, each with its own agent. */
const MANY = 10_000;

const UNCHECKED = 'ids not checked';
const CHECKED = 'ids checked';
const ONE = 'one agent for all calls';
const EACH = `${MANY} agents`;

/** Measures the cost of checking ids and of separate agents, against a server that echoes ids. */
export const ids: Section = {
  name: 'ids',
  title: 'The cost of checking ids, and of an agent for every caller',
  method: `The driver \`wire\` in a closed loop against the null responder, which echoes the id of the call: with and without checking the ids of the answers, and with one agent for all calls compared with ${MANY} agents. Rounds alternate.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startEcho();
  try {
    const rounds = await runRounds(armsAt(target.url, CLIENTS), context);
    return {
      tables: [
        tableOf('Ids of answers', rounds, UNCHECKED, [CHECKED, UNCHECKED]),
        tableOf('Agents, stateless era', rounds, ONE, [ONE, EACH]),
      ],
      goals: [
        ratioGoal(roundsOf(rounds, 'perSecond'), {
          what: `${EACH}, calls per second`,
          client: EACH,
          base: ONE,
          direction: 'at least',
          bound: 0.95,
        }),
      ],
      notes: [],
      rounds: [rounds],
    };
  } finally {
    await target.stop();
  }
}

const CLIENTS: readonly BenchClient[] = [
  ours(CHECKED, { driver: 'wire', checkIds: true }),
  ours(UNCHECKED, { driver: 'wire', checkIds: false }),
  ours(ONE, { driver: 'wire', agents: 1 }),
  ours(EACH, { driver: 'wire', agents: MANY }),
];

function tableOf(caption: string, rounds: Rounds, base: string, names: readonly string[]): Table {
  return {
    caption,
    head: ['client', 'calls/s', `x ${base}`],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'perSecond', name), 0),
      formatSpread(ratioOf(roundsOf(rounds, 'perSecond'), name, base), 3),
    ]),
  };
}
