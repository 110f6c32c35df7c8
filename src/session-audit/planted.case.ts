/** @module Copies of the server with planted faults, as threads that share nothing, and audits of them, in tests. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { freePort } from '../process/free-port.ts';
import type { SessionAudit } from './document.ts';
import { type SessionAuditOptions, sessionAudit } from './session-audit.ts';

/** From the root of the repository, where tests and the bench run. */
export const SERVER = 'profiles/planted-server.mjs';

/** Enough for every check; each one more makes an audit longer by half. */
export const TWO = ['a', 'b'];
const THREE = [...TWO, 'c'];

/** The faults of the server, and the checks that find each of them. */
export const PLANTED: Readonly<Record<string, readonly string[]>> = {
  'session-needed': ['depends-on-earlier-calls'],
  'session-needed-on-instance': ['depends-on-earlier-calls'],
  'handle-in-memory': ['handle-unknown-elsewhere'],
  'stolen-handle-accepted': ['stolen-handle-accepted'],
  'resource-in-memory': ['resource-unknown-elsewhere'],
  'tools-differ-by-instance': ['list-differs-by-instance'],
  'prompts-differ-by-instance': ['list-differs-by-instance'],
  'resources-differ-by-instance': ['list-differs-by-instance'],
  'list-differs-by-connection': ['list-differs-by-connection'],
  'list-depends-on-earlier-calls': ['list-depends-on-earlier-calls'],
  'authorization-differs-by-instance': ['authorization-differs-by-instance'],
  'task-in-memory': ['task-unknown-elsewhere'],
  'cursor-of-instance': ['cursor-unknown-elsewhere'],
  'request-state-own-key': ['request-state-unknown-elsewhere'],
  'result-differs-by-instance': ['result-differs-by-instance'],
  'header-mismatch-accepted': ['header-mismatch-accepted'],
  'session-id-minted': ['session-id-minted'],
  'cookie-set': ['sets-cookie'],
  'roots-used': ['deprecated-feature'],
  'sampling-used': ['deprecated-feature'],
  'logging-used': ['deprecated-feature'],
  'rc-codes': ['outdated-error-code'],
  'resource-not-found-code': ['outdated-error-code'],
  'url-elicitation-code': ['outdated-error-code'],
};

/** The names of the checks that found something. */
export const foundBy = ({ checks }: SessionAudit): readonly string[] =>
  checks.filter(({ status }) => status === 'found').map(({ name }) => name);

export interface PlantedCopies {
  readonly instances: SessionAuditOptions['instances'];
  stop(): Promise<void>;
}

/** Starts copies with `faults`; without any they are healthy. */
export async function startPlanted(
  faults: readonly string[],
  names: readonly string[] = THREE,
): Promise<PlantedCopies> {
  const ports = await portsFor(names);
  const copies = await Promise.all(
    names.map(async (name, index) => {
      const port = ports[index];
      const thread = new Worker(resolve(SERVER), {
        argv: ['--fault', faults.join()],
        env: { PORT: `${port}`, KEY: 'a key of all copies' },
        stdout: true,
      });
      await once(thread.stdout, 'data');
      return { thread, instance: { name, url: `http://127.0.0.1:${port}/mcp` } };
    }),
  );
  return {
    instances: copies.map(({ instance }) => instance),
    async stop() {
      await Promise.all(copies.map(({ thread }) => thread.terminate()));
    },
  };
}

/** Free ports. What the copies do differently depends on these bits of them. */
async function portsFor(names: readonly string[]): Promise<readonly number[]> {
  const byBits = new Map<number, number>();
  while (byBits.size < names.length) {
    const port = await freePort();
    byBits.set((port >> 1) & 0x7f, port);
  }
  return [...byBits.values()];
}

/** Audits the copies as two callers with different rights. */
export function auditPlanted({ instances }: PlantedCopies, seed: number): Promise<SessionAudit> {
  return sessionAudit({
    url: instances[0]!.url,
    instances,
    era: 'stateless',
    headers: {},
    identities: [
      { name: 'writer', headers: { Authorization: 'Bearer planted-writer' } },
      { name: 'reader', headers: { Authorization: 'Bearer planted-reader' } },
    ],
    allow: ['create_basket', 'add_to_basket'],
    tls: { insecure: false },
    instanceHeader: 'x-served-by',
    checkIds: true,
    timeoutUs: 10e6,
    limits: { timeUs: 120e6, requests: 10_000 },
    seed,
  });
}
