/** @module Measures what credentials cost the generator: a token of its own for each agent, and a proof of possession for each call. */
import type { BenchClient } from './other-clients.ts';
import { formatSpread, type Round, ratioOf, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho } from './target.ts';
import { ours, runRounds } from './throughput.ts';

const FEW = 100;
const MANY = 10_000;

const NONE = `no credentials, ${FEW} agents`;
const NONE_MANY = `no credentials, ${MANY} agents`;
const BEARER = `bearer tokens, ${FEW} agents`;
const BEARER_MANY = `bearer tokens, ${MANY} agents`;
const ES256 = `DPoP with ES256, ${FEW} agents`;
const EDDSA = `DPoP with EdDSA, ${FEW} agents`;

/** The goals for calls per second, relative to another client. */
const GOALS = [
  { client: BEARER, base: NONE, atLeast: 0.95 },
  { client: BEARER_MANY, base: BEARER, atLeast: 0.9 },
];
/** Calls per second with a proof each, on one thread. */
const PROOFS = 10_000;

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
    const { rounds, failures } = await runRounds(CLIENTS, target.url, context);
    return {
      tables: [tableOf(rounds)],
      notes: [...goalsOf(rounds), ...proofsOf(rounds), ...failures],
      data: { rounds },
    };
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

function tableOf(rounds: readonly Round[]): Table {
  const bases = [NONE, BEARER];
  return {
    caption: `Calls per second: median (min .. max) of ${rounds.length} rounds`,
    head: ['client', 'calls/s', ...bases.map((base) => `x ${base}`)],
    rows: CLIENTS.map(({ name }) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      ...bases.map((base) => formatSpread(ratioOf(rounds, name, base), 3)),
    ]),
  };
}

function goalsOf(rounds: readonly Round[]): readonly string[] {
  return GOALS.flatMap(({ client, base, atLeast }) => {
    const ratio = ratioOf(rounds, client, base);
    if (ratio === undefined) return [];
    const verdict = ratio.median >= atLeast ? 'reached' : 'MISSED';
    return [
      `${client}: ${ratio.median.toFixed(3)} x ${base}; the goal of at least ${atLeast} is ${verdict}.`,
    ];
  });
}

function proofsOf(rounds: readonly Round[]): readonly string[] {
  return [ES256, EDDSA].flatMap((client) => {
    const rate = spreadOf(rounds.flatMap((round) => round[client] ?? []));
    if (rate === undefined) return [];
    const verdict = rate.median >= PROOFS ? 'reached' : 'MISSED';
    return [`${client}: ${rate.median.toFixed(0)} proofs a second; the goal of ${PROOFS} is ${verdict}.`];
  });
}
