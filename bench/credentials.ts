/** @module Measures what credentials cost the generator: a token of its own for each agent, and a proof of possession for each call. */
import type { Context } from './context.ts';
import { type Goal, goalOf, ratioGoal } from './goal.ts';
import { armsAt, type BenchClient } from './other-clients.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Rounds, roundsOf, runRounds, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho } from './target.ts';
import { ours } from './throughput.ts';

const FEW = 100;
const MANY = 10_000;

const NONE = `no credentials, ${FEW} agents`;
const NONE_MANY = `no credentials, ${MANY} agents`;
const BEARER = `bearer tokens, ${FEW} agents`;
const BEARER_MANY = `bearer tokens, ${MANY} agents`;
const ES256 = `DPoP with ES256, ${FEW} agents`;
const EDDSA = `DPoP with EdDSA, ${FEW} agents`;

/** Compares loads with and without credentials, against a server that ignores them. */
export const credentials: Section = {
  name: 'credentials',
  title: 'The cost of credentials',
  method: `The driver \`wire\` in a closed loop against the null responder, which ignores credentials: without any, with a bearer token of 411 characters for each agent, and with DPoP, for which the generator signs a proof for each call. The measure of authorization counts every call that has credentials. Rounds alternate.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startEcho();
  try {
    const rounds = await runRounds(armsAt(target.url, CLIENTS), context);
    return { tables: [tableOf(rounds)], goals: goalsOf(rounds), notes: [], rounds: [rounds] };
  } finally {
    await target.stop();
  }
}

const CLIENTS: readonly BenchClient[] = [
  ours(NONE, { driver: 'wire', agents: FEW }),
  ours(NONE_MANY, { driver: 'wire', agents: MANY }),
  ours(BEARER, { driver: 'wire', agents: FEW, credentials: 'Bearer' }),
  ours(BEARER_MANY, { driver: 'wire', agents: MANY, credentials: 'Bearer' }),
  ours(ES256, { driver: 'wire', agents: FEW, credentials: 'DPoP ES256' }),
  ours(EDDSA, { driver: 'wire', agents: FEW, credentials: 'DPoP EdDSA' }),
];

function tableOf(rounds: Rounds): Table {
  const bases = [NONE, BEARER];
  const [perSecond, busy] = [roundsOf(rounds, 'perSecond'), roundsOf(rounds, 'busyUs')];
  return {
    caption: `Calls per second, and busy time of the load thread per call: median (min .. max) of ${perSecond.length} rounds`,
    head: ['client', 'calls/s', ...bases.map((base) => `x ${base}`), 'busy us', `x ${NONE}`],
    rows: rounds.names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'perSecond', name), 0),
      ...bases.map((base) => formatSpread(ratioOf(perSecond, name, base), 3)),
      formatSpread(spreadIn(rounds, 'busyUs', name), 1),
      formatSpread(ratioOf(busy, name, NONE), 3),
    ]),
  };
}

/** The server reads longer requests too, and may be what limits the calls per second: so the cost of a token is the busy time of the generator. */
function goalsOf(rounds: Rounds): readonly Goal[] {
  return [
    ratioGoal(roundsOf(rounds, 'busyUs'), {
      what: `${BEARER}, busy time of the load thread per call`,
      client: BEARER,
      base: NONE,
      direction: 'at most',
      bound: 1.05,
    }),
    ratioGoal(roundsOf(rounds, 'perSecond'), {
      what: `${BEARER_MANY}, calls per second`,
      client: BEARER_MANY,
      base: BEARER,
      direction: 'at least',
      bound: 0.9,
    }),
    ...[ES256, EDDSA].map((client) =>
      goalOf(
        { what: client, direction: 'at least', bound: 10_000, unit: 'proofs/s' },
        spreadIn(rounds, 'perSecond', client)?.median,
      ),
    ),
  ];
}
