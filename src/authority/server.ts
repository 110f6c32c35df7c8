/** @module The authorization server: the library behind a port of 127.0.0.1, its list of revoked tokens, and what its parent can ask of it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served } from '../process/serve.ts';
import { spunUs } from '../units/clock.ts';
import type { AuthorityCounts, AuthorityInput, AuthorityQuestion, AuthorityReady } from './authority.ts';
import { createGate } from './gate.ts';
import { ROUTES } from './provider.ts';
import { startSigning } from './signing.ts';
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
  const server = await listen();
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gate = createGate(input.delayUs);
  const counts = { tokens: 0, introspections: 0, jwks: 0, revocations: 0, revokedLists: 0 };
  const revoked = new Set<string>();
  const signing = await startSigning({ issuer, input, store: createStore() });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const endpoint = ENDPOINTS[pathOf(request)];
    if (endpoint?.ofInstances === true) await gate.pass();
    // The client may have given up meanwhile.
    if (response.destroyed) return;
    if (endpoint !== undefined) counts[endpoint.counts] += 1;
    if (endpoint === ENDPOINTS[REVOKED]) answerList(response, revoked);
    else signing.answer(request, response);
  };
  server.on('request', (request, response) => void answer(request, response));

  return {
    ready: addresses(issuer),
    async ask(message) {
      const question = message as AuthorityQuestion;
      switch (question.kind) {
        case 'counts':
          return { ...counts, cpuUs: cpuUs() } satisfies AuthorityCounts;
        case 'rotate':
          return signing.rotate();
        case 'down':
          return gate.setDown(question.down);
        case 'revoke':
          for (const id of question.ids) revoked.add(id);
          return undefined;
        case 'mint':
          return signing.mint(question.tokens);
      }
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer();
  // An instance may open its connections before it uses them, and keep them for as long as it runs.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
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
