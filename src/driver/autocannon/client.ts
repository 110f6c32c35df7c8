/** @module The HTTP client inside autocannon: the parts of `autocannon/lib/httpClient.js` (9.0.0) that the driver touches. */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Endpoint } from '../endpoint.ts';

/** A request as autocannon builds its bytes from. */
export interface CannonRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One connection. It sends its first request when it is made, and the next one straight after the listeners of
 * `response` have returned; it emits `request` before each, `headers` and `response` for each answer, `connError`.
 */
export interface CannonClient extends EventEmitter {
  /** Replaced with every connection; set from the first `request` on. */
  readonly conn: Socket;
  readonly parser: { readonly hadError: boolean; finish(): unknown };
  readonly pipelinedRequests: { addBody(data: Buffer): void };
  /** What is sent next, and from then on until it is set again. */
  setRequests(requests: readonly CannonRequest[]): void;
  destroy(): void;
}

type ClientClass = new (options: Readonly<Record<string, unknown>>) => CannonClient;

const HttpClient = createRequire(import.meta.url)('autocannon/lib/httpClient.js') as ClientClass;

/** autocannon's time-out repeats calls, so it is set far beyond any run (setTimeout takes at most 2^31 - 1 ms). */
const NEVER_SECONDS = 2_000_000;

/** Starts a client with its first request. `listen` is called before anything happens. */
export function startCannon(
  { hostname, port, secure, authority, path }: Endpoint,
  first: CannonRequest,
  listen: (client: CannonClient) => void,
): CannonClient {
  return new HttpClient({
    protocol: secure ? 'https:' : 'http:',
    hostname,
    port,
    host: authority,
    path,
    pipelining: 1,
    timeout: NEVER_SECONDS,
    requests: [first],
    setupClient: listen,
  });
}
