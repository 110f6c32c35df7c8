/** @module Connections through a forward HTTP proxy: a tunnel by CONNECT (RFC 9110, section 9.3.6), for http as for https targets. */
import { type ClientRequest, type IncomingMessage, request as plainRequest, STATUS_CODES } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { safeDetail } from '../../protocol/detail.ts';
import type { Endpoint, ForwardProxy } from '../endpoint.ts';
import { type Failure, failureOf } from '../failure.ts';

/** A connection that failed at the proxy. */
export class ProxyError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/** Called once, with a socket connected to the target, or with the error. */
export type OnTunnel = (error: ProxyError | undefined, socket: Socket | undefined) => void;

/** Opens tunnels through one proxy to one endpoint. */
export class Tunnels {
  readonly #endpoint: Endpoint;
  readonly #proxy: ForwardProxy;
  readonly #timeoutMs: number;
  readonly #opening = new Set<ClientRequest>();

  constructor(endpoint: Endpoint, proxy: ForwardProxy, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  /** Opens a tunnel on a new connection. */
  open(onTunnel: OnTunnel): void {
    const request = this.#connect();
    let connected = false;
    this.#opening.add(request);
    request.on('socket', (socket) =>
      socket.once(this.#proxy.secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      }),
    );
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    );
    const end: OnTunnel = (error, socket) => {
      if (this.#opening.delete(request)) onTunnel(error, socket);
    };
    request.on('error', (error) => end(new ProxyError(this.#lost(error, connected)), undefined));
    // Node emits this event for every answer to CONNECT, whatever its status.
    request.on('connect', (response: IncomingMessage, socket: Socket, ahead: Buffer) => {
      const refusal = this.#refusal(response);
      if (refusal !== undefined) {
        socket.on('error', () => {}).destroy();
        end(new ProxyError(refusal), undefined);
        return;
      }
      socket.setTimeout(0);
      socket.setNoDelay(true);
      if (ahead.length > 0) socket.unshift(ahead);
      end(undefined, socket);
    });
    request.end();
  }

  /** Aborts the tunnels that are being opened; each of them fails. */
  close(): void {
    for (const request of this.#opening) request.destroy();
  }

  #connect(): ClientRequest {
    const { secure, hostname, port, authorization, tls } = this.#proxy;
    const { address } = this.#endpoint;
    const options = {
      method: 'CONNECT',
      host: hostname,
      port,
      path: address,
      agent: false,
      timeout: this.#timeoutMs,
      headers: {
        host: address,
        connection: 'keep-alive',
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
    };
    return secure ? secureRequest({ ...options, ...tls }) : plainRequest(options);
  }

  /** Why the answer does not open a tunnel; `undefined` when it does: any 2xx. */
  #refusal({ statusCode = 0, statusMessage, headers }: IncomingMessage): Failure | undefined {
    if (statusCode >= 200 && statusCode < 300) return undefined;
    const { address, authorization } = this.#proxy;
    const said = `${statusCode} ${statusMessage || (STATUS_CODES[statusCode] ?? '')}`.trim();
    const challenge = headers['proxy-authenticate'];
    const why =
      statusCode === 407
        ? `${authorization === undefined ? 'requires credentials (target.proxy)' : 'rejected the credentials of target.proxy'} (${said}${challenge === undefined ? '' : `: ${String(challenge)}`})`
        : statusCode >= 500
          ? `could not reach ${this.#endpoint.address} (${said})`
          : `rejected the tunnel to ${this.#endpoint.address} (${said})`;
    return { outcome: 'refused', detail: safeDetail(`proxy ${address} ${why}`) };
  }

  #lost(error: Error & { readonly code?: string }, connected: boolean): Failure {
    const { address, secure } = this.#proxy;
    if (!connected) return failureOf(error, 'connecting', `proxy ${address}`, secure);
    const code = error.code ?? '';
    const why = code.startsWith('HPE_')
      ? 'does not speak HTTP'
      : code === 'ETIMEDOUT'
        ? 'did not open a tunnel in time'
        : 'closed the connection instead of opening a tunnel';
    return { outcome: 'refused', detail: safeDetail(`proxy ${address} ${why} (${code || error.message})`) };
  }
}
