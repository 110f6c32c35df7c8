/** @module The HTTP server around an official SDK: every answer names its instance and what took how long. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Served } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import { createInjectedDelay } from '../injected-delay.ts';
import { foreignOrigin, type InstanceReady, listen, MCP_PATH } from '../instance.ts';
import { serverTiming } from '../server-timing.ts';
import { type ActiveRequest, asActiveRequest } from './active-request.ts';

/** Longer than any run: a server that closes idle connections shows up as resets in the generator's figures. */
const KEEP_ALIVE_MS = 3_600_000;

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves `handle`, under the name `id`, on a port of the system's choice. */
export async function serveHttp(id: string, handle: Handle): Promise<Served<InstanceReady>> {
  const delay = createInjectedDelay();
  const server = createServer((request, response) => {
    void asActiveRequest(response, async (active) => {
      response.setHeader('x-served-by', id);
      addTiming(response, active);
      const status = rejection(request);
      if (status !== undefined) {
        answerJson(response, status, { code: -32600, message: 'This path or origin is not served' });
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

/** A JSON-RPC error that answers no request in particular. */
export function answerJson(
  response: ServerResponse,
  status: number,
  error: { readonly code: number; readonly message: string },
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}

/** The HTTP status with which a request is rejected before MCP is read; `undefined` when it is not. */
function rejection(request: IncomingMessage): number | undefined {
  if (request.url?.split('?')[0] !== MCP_PATH) return 404;
  return foreignOrigin(request.headers.origin) ? 403 : undefined;
}

/** The times are known only when the head is written, which the SDKs do themselves: so the header is set at that moment. */
function addTiming(response: ServerResponse, active: ActiveRequest): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    const headers = args.find((arg) => typeof arg === 'object') as Record<string, unknown> | undefined;
    const type = String(headers?.['content-type'] ?? response.getHeader('content-type'));
    // An event stream may send its head before its content is known; a length given with the head means that it is.
    const streaming = type.startsWith('text/event-stream') && headers?.['content-length'] === undefined;
    const complete = !streaming || active.toolUs !== undefined;
    response.setHeader('server-timing', serverTiming(active, systemClock.now(), complete));
    return writeHead(...args);
  }) as typeof response.writeHead;
}
