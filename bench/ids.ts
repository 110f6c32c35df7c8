/** @module Measures the cost of checking the id of every answer, and of an agent for every caller. */

import type { BenchClient } from './other-clients.ts';
import { formatSpread, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho } from './target.ts';
import { ours, type Rounds, runRounds } from './throughput.ts';

/** The number of callers, each with its own agent. */
const MANY = 10_000;
/** The goal for the calls per second with an agent for every caller, relative to one agent. */
const GOAL = 0.95;

const UNCHECKED = 'ids not checked';
const CHECKED = 'ids checked';
const ONE = 'one agent for all calls';
const EACH = `${MANY} agents`;
const BEFORE_ONE = `before, ${ONE}`;
const BEFORE_EACH = `before, ${EACH}`;

/** Measures the cost of checking ids and of separate agents, against a server that echoes ids. */
export const ids: Section = {
  name: 'ids',
  title: 'The cost of checking ids, and of an agent for every caller',
  method: `The driver \`wire\` in a closed loop against the null responder, which echoes the id of the call: with and without checking the ids of the answers, and with one agent for all calls compared with ${MANY} agents. With \`--before FOLDER\`, the \`.bench\` folder of another checkout, that build runs the same loads. Rounds alternate.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startEcho();
  try {
    const result = await runRounds(clientsOf(context), target.url, context);
    return {
      tables: tablesOf(result, context),
      notes: [...goalsOf(result), ...result.failures],
      data: { rounds: result.rounds },
    };
  } finally {
    await target.stop();
  }
}

function clientsOf({ before }: Context): readonly BenchClient[] {
  const driver = 'wire';
  const clients = [
    ours(CHECKED, { driver, checkIds: true }),
    ours(UNCHECKED, { driver, checkIds: false }),
    ours(ONE, { driver, agents: 1 }),
    ours(EACH, { driver, agents: MANY }),
  ];
  if (before === undefined) return clients;
  return [
    ...clients,
    ours(BEFORE_ONE, { driver, agents: 1, build: before }),
    ours(BEFORE_EACH, { driver, agents: MANY, build: before }),
  ];
}

function tablesOf({ rounds }: Rounds, { before }: Context): readonly Table[] {
  const table = (caption: string, names: readonly string[], bases: readonly string[]): Table => ({
    caption,
    head: ['client', 'calls/s', ...bases.map((base) => `x ${base}`)],
    rows: names.map((name) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      ...bases.map((base) => formatSpread(ratioOf(rounds, name, base), 3)),
    ]),
  });
  return [
    table('Ids of answers', [CHECKED, UNCHECKED], [UNCHECKED]),
    before === undefined
      ? table('Agents, stateless era', [ONE, EACH], [ONE])
      : table('Agents, stateless era', [ONE, EACH, BEFORE_ONE, BEFORE_EACH], [ONE, BEFORE_ONE, BEFORE_EACH]),
  ];
}

function goalsOf({ rounds }: Rounds): readonly string[] {
  const ratio = ratioOf(rounds, EACH, ONE);
  if (ratio === undefined) return [];
  const verdict = ratio.median >= GOAL ? 'reached' : 'MISSED';
  return [`${EACH} are ${ratio.median.toFixed(3)} x ${ONE}; the goal of at least ${GOAL} is ${verdict}.`];
}
