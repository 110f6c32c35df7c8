/** @module The authorization server: the library behind a port of 127.0.0.1, its list of revoked tokens, and what its parent can ask of it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served } from '../process/serve.ts';
import { spunUs } from '../units/clock.ts';
import type { AuthorityCounts, AuthorityInput, AuthorityQuestion, AuthorityReady } from './authority.ts';
import { createGate } from './gate.ts';
import { mintAll } from './mint.ts';
import { createProvider, ROUTES } from './provider.ts';
import { generateSigningKey, type SigningKey } from './signing-key.ts';
import { createStore } from './store.ts';

const REVOKED = '/revoked';

type CountedKind = Exclude<keyof AuthorityCounts, 'cpuUs'>;

/** How an endpoint is counted, and whether instances ask it. */
const ENDPOINTS: Readonly<Record<string, { readonly counts: CountedKind; readonly ofInstances: boolean }>> = {
  [ROUTES.token]: { counts: 'tokens', ofInstances: false },
  [ROUTES.introspection]: { counts: 'introspections', ofInstances: true },
  [ROUTES.revocation]: { counts: 'revocations', ofInstances: false },
  [ROUTES.jwks]: { counts: 'jwks', ofInstances: true },
  [REVOKED]: { counts: 'revokedLists', ofInstances: true },
};

/** Starts it on a free port. */
export async function serveAuthority(input: AuthorityInput): Promise<Served<AuthorityReady>> {
  const gate = createGate(input.delayUs);
  const counts = { tokens: 0, introspections: 0, jwks: 0, revocations: 0, revokedLists: 0 };
  const revoked = new Set<string>();
  const store = createStore();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const endpoint = ENDPOINTS[pathOf(request)];
    if (endpoint?.ofInstances === true) await gate.pass();
    // The client may have given up meanwhile.
    if (response.destroyed) return;
    if (endpoint !== undefined) counts[endpoint.counts] += 1;
    if (endpoint?.counts === 'revokedLists') answerList(response, revoked);
    else answer(request, response);
  };
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  // An instance may keep its connection for as long as it runs.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let keys: readonly SigningKey[] = [];
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const signWith = async (next: readonly SigningKey[]): Promise<void> => {
    const provider = await createProvider({ issuer, input, keys: next, store });
    keys = next;
    answer = provider.callback();
  };
  await signWith([await generateSigningKey(input.algorithm)]);

  return {
    ready: addresses(issuer),
    async ask(message) {
      const question = message as AuthorityQuestion;
      switch (question.kind) {
        case 'counts':
          return { ...counts, cpuUs: cpuUs() } satisfies AuthorityCounts;
        case 'rotate':
          return signWith([await generateSigningKey(input.algorithm), ...keys]);
        case 'down':
          return gate.setDown(question.down);
        case 'revoke':
          for (const id of question.ids) revoked.add(id);
          return undefined;
        case 'mint':
          return mintAll(question.tokens, { input, issuer, key: keys[0]!, store });
      }
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function addresses(issuer: string): AuthorityReady {
  return {
    issuer,
    tokenEndpoint: issuer + ROUTES.token,
    introspectionEndpoint: issuer + ROUTES.introspection,
    revocationEndpoint: issuer + ROUTES.revocation,
    jwksUrl: issuer + ROUTES.jwks,
    revokedUrl: issuer + REVOKED,
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function answerList(response: ServerResponse, ids: ReadonlySet<string>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify([...ids]));
}

/** Processor time that the process used, without the time it spun to end a delay on time. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return Math.max(0, Math.round(user + system - spunUs()));
}
