/** @module The HTTP server around an official SDK: every answer names its instance and what took how long. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Guard } from '../../guard/guard.ts';
import { watchCollections } from '../../process/collections.ts';
import type { Served } from '../../process/serve.ts';
import { systemClock, within } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { createInjectedDelay } from '../injected-delay.ts';
import { foreignOrigin, type InstanceReady, MCP_PATH } from '../instance.ts';
import { type Askable, askInstance, listenGuarded } from '../instance-guard.ts';
import { serverTiming } from '../server-timing.ts';
import { type ActiveRequest, asActiveRequest } from './active-request.ts';
import { answerMistake } from './answers.ts';
import { type Passed, passGuard, servesMetadata } from './gate.ts';

/** Longer than any run: a server that closes idle connections shows up as resets in the generator's figures. */
const KEEP_ALIVE_MS = 3_600_000;

/** `body` is that of a request that a guard has read; undefined: the SDK reads it. */
type Handle = (request: IncomingMessage, response: ServerResponse, body: Passed['body']) => Promise<void>;

/** What the eras differ in. */
export interface SdkServer {
  readonly handle: Handle;
  readonly change: Askable['change'];
  /** Ends what goes on by itself. */
  readonly end?: () => Promise<void>;
}

/** How long the ends of streams may take; the process has little more time to stop. */
const END_WITHIN: Micros = 200_000;

/** Serves `handle`, under the name `id`, on a port of the system's choice; `guard` checks the requests. */
export async function serveHttp(
  id: string,
  guard: Guard | undefined,
  { handle, change, end }: SdkServer,
): Promise<Served<InstanceReady>> {
  const delay = createInjectedDelay();
  const collections = watchCollections();
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void asActiveRequest(response, async (active) => {
      response.setHeader('x-served-by', id);
      addTiming(response, active, streams);
      if (guard !== undefined && servesMetadata(guard, request, response)) return;
      const status = rejection(request);
      if (status !== undefined) {
        answerMistake(response, { status, code: -32600, message: 'This path or origin is not served' });
        return;
      }
      try {
        await delay.wait();
        const passed = guard === undefined ? UNREAD : await passGuard(guard, request, response, active);
        if (passed !== undefined) await handle(request, response, passed.body);
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        if (response.headersSent) response.destroy();
        else answerMistake(response, { status: 500, code: -32603, message: 'Internal error' });
      }
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Both would also end connections that were opened ahead of the load and are not used yet.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  return {
    ready: await listenGuarded(server, guard),
    ask: (message) => askInstance(message, { delay, guard, collections, change }),
    stop: async () => {
      server.close();
      await end?.();
      await within(END_WITHIN, Promise.all([...streams].map((stream) => once(stream, 'close'))));
      server.closeAllConnections();
      await guard?.stop();
    },
  };
}

const UNREAD: Passed = { body: undefined };

/** The HTTP status with which a request is rejected before MCP is read; `undefined` when it is not. */
function rejection(request: IncomingMessage): number | undefined {
  if (request.url?.split('?')[0] !== MCP_PATH) return 404;
  return foreignOrigin(request.headers.origin) ? 403 : undefined;
}

/** The times are known only when the head is written, which the SDKs do themselves: so the header is set at that moment. */
function addTiming(response: ServerResponse, active: ActiveRequest, streams: Set<ServerResponse>): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    const headers = args.find((arg) => typeof arg === 'object') as Record<string, unknown> | undefined;
    const type = String(headers?.['content-type'] ?? response.getHeader('content-type'));
    if (type.startsWith('text/event-stream')) {
      streams.add(response);
      response.once('close', () => streams.delete(response));
    }
    // An event stream may send its head before its content is known; a length given with the head means that it is.
    const streaming = type.startsWith('text/event-stream') && headers?.['content-length'] === undefined;
    const complete = !streaming || active.toolUs !== undefined;
    response.setHeader('server-timing', serverTiming(active, systemClock.now(), complete));
    return writeHead(...args);
  }) as typeof response.writeHead;
}
