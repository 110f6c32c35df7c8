/** @module HTTP/2: calls per second of each client on one core, with a few connections and many streams on each. */
import type { DriverName } from '../src/profile/settings.ts';
import type { Context } from './context.ts';
import { type Goal, ratioGoal } from './goal.ts';
import type { Load } from './load.ts';
import { armsAt, type BenchClient, h2load, installed, script } from './other-clients.ts';
import { type Rounds, roundsOf, runRounds } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import { startTransports, type TransportTarget } from './target.ts';
import { ours, throughputTable } from './throughput.ts';

/** A gateway's client: few connections, each with many requests under way. */
const CONNECTIONS = 4;
const STREAMS = 25;
const BASES = ['h2load', 'node:http2'];

/** Compares `wire` and `undici` with h2load and node:http2. */
export const http2: Section = {
  name: 'http2',
  title: 'HTTP/2 on one core',
  method: `As the section \`throughput\`, over HTTP/2 to nginx: ${CONNECTIONS} connections with ${STREAMS} requests under way on each, over TLS, and without TLS with prior knowledge. node:http2 repeats one request, as h2load does. undici speaks HTTP/2 over TLS only.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startTransports();
  try {
    const overTls = await runRounds(armsAt(target.tlsUrl, secureClients(target)), context, 'over TLS');
    const clear = await runRounds(armsAt(target.clearHttp2Url, clearClients()), context, 'without TLS');
    return {
      tables: [throughputTable('Over TLS', overTls, BASES), throughputTable('Without TLS', clear, BASES)],
      goals: [goalOver('over TLS', overTls), goalOver('without TLS', clear)],
      notes: [],
      rounds: [overTls, clear],
    };
  } finally {
    await target.stop();
  }
}

const goalOver = (transport: string, rounds: Rounds): Goal =>
  ratioGoal(roundsOf(rounds, 'perSecond'), {
    what: `wire, calls per second over HTTP/2 ${transport}`,
    client: 'wire',
    base: 'h2load',
    direction: 'at least',
    bound: 0.8,
  });

const secureClients = ({ caFile }: TransportTarget): readonly BenchClient[] => [
  client('wire', caFile),
  client('undici', caFile),
  ...others(),
];

const clearClients = (): readonly BenchClient[] => [client('wire', undefined), ...others()];

function client(driver: DriverName, caFile: string | undefined): BenchClient {
  const settings: NonNullable<Load['settings']> = {
    http: '2',
    streams: STREAMS,
    maxConnections: CONNECTIONS,
  };
  return ours(driver, {
    driver,
    checkIds: false,
    caFile,
    connections: CONNECTIONS,
    concurrency: CONNECTIONS * STREAMS,
    settings,
  });
}

function others(): readonly BenchClient[] {
  const connecting = { connections: CONNECTIONS, streams: STREAMS };
  return [
    script({ name: 'node:http2', ...connecting }, 'http2-client'),
    ...installed('h2load', (program) => h2load(program, { name: 'h2load', ...connecting })),
  ];
}
