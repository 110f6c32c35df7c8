/** @module An MCP server and its authorization server for tests: what they answer, and what they were asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { describeProblem, UserError } from '../units/user-error.ts';

/** One request as it came in. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What is at a path; `origin` is that of the server. */
export type Answer = (
  asked: Asked,
  origin: string,
) => {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
};

export type Answers = Readonly<Record<string, Answer>>;

/** A running server. */
export interface TestServer {
  readonly origin: string;
  readonly asked: readonly Asked[];
}

/** Starts a server with `answers` by path, 404 elsewhere, and stops it when the test has finished. */
export async function startServer(answers: Answers): Promise<TestServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const each = { method, path: url, headers, body: await text(request) };
    asked.push(each);
    const { status = 200, headers: fields = {}, body = '' } = answers[url]?.(each, origin) ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'application/json', ...fields });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked };
}

/** The MCP endpoint is `/mcp`, and everything is as it should be. A test replaces some of it. */
export const GOOD: Answers = {
  '/mcp': (_, origin) => ({
    status: 401,
    headers: {
      'www-authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="mcp:tools"`,
    },
  }),
  '/.well-known/oauth-protected-resource/mcp': (_, origin) => ({
    body: { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ['all'] },
  }),
  '/.well-known/oauth-authorization-server': (_, origin) => ({
    body: { issuer: origin, token_endpoint: `${origin}/token` },
  }),
  '/token': () => ({ body: { access_token: 'a.token', token_type: 'Bearer', expires_in: 300 } }),
};

/** {@link GOOD} with some paths replaced; null: nothing is there. */
export function changed(changes: Readonly<Record<string, Answer | null>>): Answers {
  const all = Object.entries({ ...GOOD, ...changes });
  return Object.fromEntries(all.flatMap(([path, answer]) => (answer === null ? [] : [[path, answer]])));
}

/** The problems that `work` rejects with, a line each. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return [];
  if (error instanceof UserError) return error.problems.map(describeProblem);
  throw error;
}
