/** @module Small MCP servers for tests: each is a function that answers messages, and is listened to on loopback. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A JSON-RPC message, or what came in its place: `{}` for a request without a body. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A request as a server sees it. */
export interface Received {
  readonly httpMethod: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: Message;
  /** `Mcp-Session-Id`; empty without one. */
  readonly session: string;
}

/** Answers a request. */
export type Handle = (received: Received, response: ServerResponse) => void;

/** A server that listens, and what it has received. */
export interface ListeningServer extends AsyncDisposable {
  readonly url: string;
  /** Requests by JSON-RPC method, or by HTTP method where they have none; `response` for an answer of the client. */
  count(kind: string): number;
}

const kindOf = ({ httpMethod, message }: Received): string =>
  message.method ?? (httpMethod === 'POST' ? 'response' : httpMethod);

/** Listens on a free port. */
export async function listen(handle: Handle): Promise<ListeningServer> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received: Received = {
        httpMethod: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        message: body === '' ? {} : (JSON.parse(body) as Message),
        session: String(request.headers['mcp-session-id'] ?? ''),
      };
      const kind = kindOf(received);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      handle(received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    count: (kind) => counts.get(kind) ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const json = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};

export const text = (response: ServerResponse, status: number, body: string, type = 'text/plain'): void => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

export const rpcError = (id: Message['id'] | null, code: number, message: string): unknown => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

/** The result of a request that every server of these tests knows. */
function resultOf({ method }: Message): unknown {
  if (method === 'initialize') {
    return {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'x', version: '1' },
    };
  }
  return method === 'tools/list'
    ? { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] }
    : { content: [{ type: 'text', text: 'hi' }] };
}

export const answerOf = (message: Message, id: unknown = message.id): unknown => ({
  jsonrpc: '2.0',
  id,
  result: resultOf(message),
});

/** An event with a message as its data. */
export const event = (message: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;

/** Begins an event stream. */
export const openEvents = (response: ServerResponse): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return response;
};

/**
 * A server of the sessions era, as most are: 400 to `server/discover`, 202 to notifications and responses, 405 to GET, 200 to DELETE.
 * `calls` answers requests, `initialize` among them; `others` comes before the rest and returns true for what it has answered.
 */
export const oldServer =
  (calls: Handle, others: (received: Received, response: ServerResponse) => boolean = () => false): Handle =>
  (received, response) => {
    const { message, httpMethod } = received;
    if (message.method === 'server/discover')
      json(response, 400, rpcError(message.id, -32601, 'Method not found'));
    else if (others(received, response)) return;
    else if (message.method !== undefined && message.id !== undefined) calls(received, response);
    else response.writeHead({ POST: 202, DELETE: 200 }[httpMethod] ?? 405).end();
  };

/** Mints sessions; a session is known for `uses` calls, and then `lost` answers. */
export function forgetful(lost: Handle, uses = 5): Handle {
  const left = new Map<string, number>();
  return oldServer((received, response) => {
    const { message, session } = received;
    if (message.method === 'initialize') {
      const id = `s${left.size + 1}`;
      left.set(id, uses);
      json(response, 200, answerOf(message), { 'mcp-session-id': id });
      return;
    }
    const remaining = left.get(session) ?? 0;
    left.set(session, remaining - 1);
    if (remaining > 0) json(response, 200, answerOf(message));
    else lost(received, response);
  });
}

/** Mints sessions that last, and answers calls in them by `calls`. */
export function keeping(calls: Handle, others?: Parameters<typeof oldServer>[1]): Handle {
  let minted = 0;
  return oldServer((received, response) => {
    const { message } = received;
    if (message.method === 'initialize') {
      minted += 1;
      json(response, 200, answerOf(message), { 'mcp-session-id': `s${minted}` });
    } else calls(received, response);
  }, others);
}

/** A good answer as JSON. */
export const good: Handle = ({ message }, response) => json(response, 200, answerOf(message));
