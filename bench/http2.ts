/** @module HTTP/2: calls per second of each client on one core, with a few connections and many streams on each. */
import type { DriverName } from '../src/profile/settings.ts';
import type { Load } from './load.ts';
import { type BenchClient, h2load, installed, script } from './other-clients.ts';
import type { Context, Outcome, Section } from './section.ts';
import { startTransports, type TransportTarget } from './target.ts';
import { type Goal, goalNotes, ours, type Rounds, runRounds, throughputTable } from './throughput.ts';

/** A gateway's client: few connections, each with many requests under way. */
const CONNECTIONS = 4;
const STREAMS = 25;
const BASES = ['h2load', 'node:http2'];
const GOALS: readonly Goal[] = [{ client: 'wire', base: 'h2load', atLeast: 0.8 }];

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
    const secure = secureClients(target);
    const clear = clearClients();
    const overTls = await runRounds(secure, target.tlsUrl, context);
    const plain = await runRounds(clear, target.clearHttp2Url, context);
    return {
      tables: [tableOf('Over TLS', secure, overTls), tableOf('Without TLS', clear, plain)],
      notes: [
        ...goalNotes(overTls.rounds, GOALS).map((note) => `Over TLS, ${note}`),
        ...goalNotes(plain.rounds, GOALS).map((note) => `Without TLS, ${note}`),
        ...overTls.failures,
        ...plain.failures,
      ],
      data: { overTls, plain },
    };
  } finally {
    await target.stop();
  }
}

const tableOf = (
  caption: string,
  clients: readonly BenchClient[],
  rounds: Rounds,
): ReturnType<typeof throughputTable> =>
  throughputTable(
    caption,
    clients.map(({ name }) => name),
    rounds,
    BASES,
  );

const secureClients = ({ caFile }: TransportTarget): readonly BenchClient[] => [
  client('wire', 'wire', caFile),
  client('undici', 'undici', caFile),
  ...others(),
];

const clearClients = (): readonly BenchClient[] => [client('wire', 'wire', undefined), ...others()];

function client(name: string, driver: DriverName, caFile: string | undefined): BenchClient {
  const settings: NonNullable<Load['settings']> = {
    http: '2',
    streams: STREAMS,
    maxConnections: CONNECTIONS,
  };
  return ours(name, {
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
