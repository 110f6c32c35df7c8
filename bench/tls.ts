/** @module HTTP/1.1 over TLS: calls per second of each client on one core, and what a connection for every call costs with and without resumed sessions. */
import type { Context } from './context.ts';
import { ratioGoal } from './goal.ts';
import { CONNECTIONS } from './load.ts';
import { armsAt, type BenchClient, installed, wrk } from './other-clients.ts';
import { roundsOf, runRounds } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import { startTransports, type TransportTarget } from './target.ts';
import { ours, throughputTable } from './throughput.ts';

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
  try {
    const open = await runRounds(
      armsAt(target.tlsUrl, openClients(target)),
      context,
      'connections stay open',
    );
    const cold = await runRounds(armsAt(target.tlsUrl, coldClients(target)), context);
    return {
      tables: [
        throughputTable('Connections that stay open', open, ['wrk']),
        throughputTable('A connection for every call, driver wire', cold, [COLDER]),
      ],
      goals: [
        ratioGoal(roundsOf(open, 'perSecond'), {
          what: 'wire, calls per second over TLS',
          client: 'wire',
          base: 'wrk',
          direction: 'at least',
          bound: 0.72,
        }),
      ],
      notes: [],
      rounds: [open, cold],
    };
  } finally {
    await target.stop();
  }
}

const openClients = ({ caFile }: TransportTarget): readonly BenchClient[] => [
  ...(['wire', 'undici'] as const).map((driver) =>
    ours(driver, { driver, checkIds: false, caFile, settings: { http: '1.1' } }),
  ),
  ...installed('wrk', wrk),
];

const coldClients = ({ caFile }: TransportTarget): readonly BenchClient[] =>
  [true, false].map((resume) =>
    ours(resume ? COLD : COLDER, {
      driver: 'wire',
      checkIds: false,
      caFile,
      settings: { http: '1.1', perConnection: 1, tls: { resume } },
    }),
  );
