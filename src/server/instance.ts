/** @module What every instance is given and reports, and the HTTP shell of the SDK servers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { Served } from '../process/serve.ts';
import type { ToolSettings } from '../profile/settings.ts';
import { createDelay } from './delay.ts';
import { inExchange, serverTiming } from './exchange.ts';

/** What an instance is started with. */
export interface InstanceInput {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly seed: number;
  readonly tools: ToolSettings;
}

/** What an instance reports when it listens. */
export interface InstanceReady {
  readonly port: number;
}

/** The one path that speaks MCP. */
export const MCP_PATH = '/mcp';
/** How the servers name themselves in MCP. */
export const SERVER_INFO = { name: 'paceline-fleet', version: '0.1.0' } as const;

/** Longer than any run: a server that closes idle connections shows up as resets in the generator's figures. */
const KEEP_ALIVE_MS = 3_600_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves `handle` on a port of the system's choice; every answer names its instance and its stages. */
export async function serveHttp(id: string, handle: Handler): Promise<Served<InstanceReady>> {
  const delay = createDelay();
  const server = createServer((request, response) => {
    void inExchange(async (exchange) => {
      response.setHeader('x-served-by', id);
      stampTiming(response, (streaming) => serverTiming(exchange, streaming));
      const fault = turnAway(request);
      if (fault !== undefined) {
        answerJson(response, fault, { code: -32600, message: 'This path or origin is not served' });
        return;
      }
      try {
        await delay.wait();
        await handle(request, response);
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        if (response.headersSent) response.destroy();
        else answerJson(response, 500, { code: -32603, message: 'Internal error' });
      }
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Both would also end connections that were opened ahead of the load and are not used yet.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const ready = { port: await listen(server) };
  return {
    ready,
    ask: (message) => delay.ask(message),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Listens on loopback at a port of the system's choice and gives the port. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** A JSON-RPC error that answers no request in particular. */
export function answerJson(
  response: ServerResponse,
  status: number,
  error: { readonly code: number; readonly message: string },
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}

/** Whether a browser page from elsewhere sent this. Source: MCP, Streamable HTTP, Security & Endpoint. */
export function foreignOrigin(origin: string | undefined): boolean {
  return origin !== undefined && !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}

function turnAway(request: IncomingMessage): number | undefined {
  if (request.url?.split('?')[0] !== MCP_PATH) return 404;
  return foreignOrigin(request.headers.origin) ? 403 : undefined;
}

/** The stages are known only when the head is written, which the SDKs do themselves: so the stamp goes on at that moment. */
function stampTiming(response: ServerResponse, timing: (streaming: boolean) => string): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    const headers = args.find((arg) => typeof arg === 'object') as Record<string, unknown> | undefined;
    const type = String(headers?.['content-type'] ?? response.getHeader('content-type'));
    // A length given with the head means that the content is complete.
    const streaming = type.startsWith('text/event-stream') && headers?.['content-length'] === undefined;
    response.setHeader('server-timing', timing(streaming));
    return writeHead(...args);
  }) as typeof response.writeHead;
}
