/** @module HTTP/1.1 over TLS: calls per second of each client on one core, and what a connection for every call costs with and without resumed sessions. */
import { CONNECTIONS, type Load } from './load.ts';
import { installed, wrk } from './other-clients.ts';
import type { Context, Outcome, Section } from './section.ts';
import { startTransports, type TransportTarget } from './target.ts';
import { type Goal, goalNotes, ours, runRounds, throughputTable } from './throughput.ts';

const GOALS: readonly Goal[] = [{ client: 'wire', base: 'wrk', atLeast: 0.72 }];

const COLD = 'a connection for every call, sessions resumed';
const COLDER = 'a connection for every call, full handshakes';

/** Compares `wire` and `undici` with wrk over TLS. */
export const tls: Section = {
  name: 'tls',
  title: 'HTTP/1.1 over TLS on one core',
  method: `As the section \`throughput\`, over TLS to nginx with a key on P-256: ${CONNECTIONS} connections that stay open. The second table opens a connection for every call, with and without the resumption of TLS sessions.`,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const target = await startTransports();
  const { before } = context;
  const { caFile } = target;
  const load = (http: '1.1' | undefined): Pick<Load, 'checkIds' | 'caFile' | 'settings'> => ({
    checkIds: false,
    caFile,
    ...(http !== undefined && { settings: { http } }),
  });
  try {
    const clients = [
      ours('wire', { driver: 'wire', ...load('1.1') }),
      ...(before === undefined
        ? []
        : [ours('wire before', { driver: 'wire', ...load(undefined), build: before })]),
      ours('undici', { driver: 'undici', ...load('1.1') }),
      ...installed('wrk', wrk),
    ];
    const open = await runRounds(clients, target.tlsUrl, context);
    const cold = await runRounds(coldClients(target), target.tlsUrl, context);
    const names = clients.map(({ name }) => name);
    return {
      tables: [
        throughputTable('Connections that stay open', names, open, ['wrk', 'wire before']),
        throughputTable('A connection for every call, driver wire', [COLD, COLDER], cold, [COLDER]),
      ],
      notes: [...goalNotes(open.rounds, GOALS), ...open.failures, ...cold.failures],
      data: { open, cold },
    };
  } finally {
    await target.stop();
  }
}

const coldClients = ({ caFile }: TransportTarget): ReturnType<typeof ours>[] =>
  [true, false].map((resume) =>
    ours(resume ? COLD : COLDER, {
      driver: 'wire',
      checkIds: false,
      caFile,
      settings: { http: '1.1', perConnection: 1, tls: { resume } },
    }),
  );
