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

/** The most that a token may add to the generator's own time per call. */
const MOST_ADDED = 1.05;
/** Calls per second with many agents, at least, relative to few. */
const LEAST_WITH_MANY = 0.9;
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
    const { rounds, busy, failures } = await runRounds(CLIENTS, target.url, context);
    return {
      tables: [tableOf(rounds, busy)],
      notes: [...costOf(busy), ...manyOf(rounds), ...proofsOf(rounds), ...failures],
      data: { rounds, busy },
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

function tableOf(rounds: readonly Round[], busy: readonly Round[]): Table {
  const bases = [NONE, BEARER];
  return {
    caption: `Calls per second, and busy time of the load thread per call: median (min .. max) of ${rounds.length} rounds`,
    head: ['client', 'calls/s', ...bases.map((base) => `x ${base}`), 'busy us', `x ${NONE}`],
    rows: CLIENTS.map(({ name }) => [
      name,
      formatSpread(spreadOf(rounds.flatMap((round) => round[name] ?? [])), 0),
      ...bases.map((base) => formatSpread(ratioOf(rounds, name, base), 3)),
      formatSpread(spreadOf(busy.flatMap((round) => round[name] ?? [])), 1),
      formatSpread(ratioOf(busy, name, NONE), 3),
    ]),
  };
}

/** The server reads longer requests too, and may be what limits the calls per second: so the cost is the busy time of the generator. */
function costOf(busy: readonly Round[]): readonly string[] {
  const ratio = ratioOf(busy, BEARER, NONE);
  if (ratio === undefined) return [];
  const verdict = ratio.median <= MOST_ADDED ? 'reached' : 'MISSED';
  return [
    `${BEARER}: the load thread is busy ${ratio.median.toFixed(3)} x as long per call as with ${NONE}; the goal of at most ${MOST_ADDED} is ${verdict}.`,
  ];
}

function manyOf(rounds: readonly Round[]): readonly string[] {
  const ratio = ratioOf(rounds, BEARER_MANY, BEARER);
  if (ratio === undefined) return [];
  const verdict = ratio.median >= LEAST_WITH_MANY ? 'reached' : 'MISSED';
  return [
    `${BEARER_MANY}: ${ratio.median.toFixed(3)} x the calls per second of ${BEARER}; the goal of at least ${LEAST_WITH_MANY} is ${verdict}.`,
  ];
}

function proofsOf(rounds: readonly Round[]): readonly string[] {
  return [ES256, EDDSA].flatMap((client) => {
    const rate = spreadOf(rounds.flatMap((round) => round[client] ?? []));
    if (rate === undefined) return [];
    const verdict = rate.median >= PROOFS ? 'reached' : 'MISSED';
    return [`${client}: ${rate.median.toFixed(0)} proofs a second; the goal of ${PROOFS} is ${verdict}.`];
  });
}
