/** @module How undici gets its sockets: connections opened ahead of the load are handed out first. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { DriverOptions } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { HEAD_LIMIT } from '../failure.ts';
import { Opening } from './opening.ts';
import { Tunnels } from './proxy.ts';

/** Far beyond any run: the driver has its own time-outs, and only the server closes idle connections. */
const NEVER_MS = 2 ** 31 - 1;

type ConnectorOptions = Pick<DriverOptions, 'timeoutUs' | 'clock' | 'http' | 'tls' | 'onConnection'>;

/** The server did not choose HTTP/2, the only version that is allowed. */
class Http2NotChosen extends Error {
  readonly code = 'ERR_TLS_NO_HTTP2';

  constructor() {
    super('the server did not choose HTTP/2');
  }
}

/** Opens connections to one endpoint. */
export class ClientConnector {
  readonly #endpoint: Endpoint;
  readonly #build: buildConnector.connector;
  readonly #tunnels: Tunnels | undefined;
  readonly #ready: Socket[] = [];
  readonly #options: ConnectorOptions;
  /** Whether connections speak HTTP/2: the server chose it (ALPN), or it was told to. */
  http2 = false;

  constructor(endpoint: Endpoint, options: ConnectorOptions) {
    const timeout = Math.max(1, Math.ceil(options.timeoutUs / 1000));
    this.#endpoint = endpoint;
    this.#options = options;
    this.#tunnels = endpoint.proxy && new Tunnels(endpoint, endpoint.proxy, timeout);
    this.#build = buildConnector({
      ...endpoint.tls,
      allowH2: endpoint.secure && options.http !== '1.1',
      ...(options.tls.resume === false ? { maxCachedSessions: 0 } : {}),
      timeout,
    } as buildConnector.BuildOptions);
  }

  /** What undici calls when a client needs a connection. */
  readonly connect: buildConnector.connector = (options, callback) => {
    const ready = this.#ready.shift();
    if (ready === undefined) this.#open(options, callback, true);
    else setImmediate(() => (ready.destroyed ? this.#open(options, callback, true) : callback(null, ready)));
  };

  /** As {@link connect}, always with a new connection, which is not one of the pool. */
  readonly fresh: buildConnector.connector = (options, callback) => this.#open(options, callback, false);

  /** Opens `count` connections and keeps them for {@link connect}; resolves when each is up or has failed. */
  async warm(count: number): Promise<void> {
    const { hostname, port, secure } = this.#endpoint;
    const options = { hostname, port: String(port), protocol: secure ? 'https:' : 'http:' };
    const one = (): Promise<void> =>
      new Promise((resolve) => {
        const keep: buildConnector.Callback = (error, socket) => {
          if (error === null && socket !== null) this.#keep(socket);
          resolve();
        };
        this.#open(options, keep, true);
      });
    await Promise.all(Array.from({ length: count }, one));
  }

  /** Ends the connections that are not in use, and those that are still being made. */
  close(): void {
    this.#tunnels?.close();
    for (const socket of this.#ready.splice(0)) socket.destroy();
  }

  #keep(socket: Socket): void {
    this.#ready.push(socket);
    socket.once('close', () => {
      const index = this.#ready.indexOf(socket);
      if (index >= 0) this.#ready.splice(index, 1);
    });
  }

  #open(options: buildConnector.Options, callback: buildConnector.Callback, pooled: boolean): void {
    const opening = new Opening(this.#options, pooled);
    const ready = (socket: Socket): void => {
      const failure = this.#choose(socket);
      if (failure === undefined) opening.ready(socket, this.http2 ? '2' : '1.1');
      else socket.destroy();
      if (failure === undefined) callback(null, socket);
      else callback(failure, null);
    };
    if (this.#tunnels === undefined) {
      this.#connect(options, opening, ready, callback);
      return;
    }
    this.#tunnels.open((error, socket) => {
      if (socket === undefined) return callback(error!, null);
      opening.connected();
      if (!this.#endpoint.secure) ready(socket);
      else this.#connect({ ...options, httpSocket: socket }, opening, ready, callback);
    });
  }

  #connect(
    options: buildConnector.Options,
    opening: Opening,
    ready: (socket: Socket) => void,
    callback: buildConnector.Callback,
  ): void {
    // What undici returns although its types do not say so.
    const socket: unknown = this.#build(options, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else ready(socket);
    });
    if (options.httpSocket === undefined) (socket as Socket).once('connect', () => opening.connected());
  }

  /** Notes the version of HTTP of a new connection; the error when the server did not choose the only one that is allowed. */
  #choose(socket: Socket & { alpnProtocol?: TLSSocket['alpnProtocol'] }): Error | undefined {
    const { http } = this.#options;
    // How undici is told of a version that was not negotiated.
    if (http === '2' && !this.#endpoint.secure) socket.alpnProtocol = 'h2';
    this.http2 = socket.alpnProtocol === 'h2';
    return http === '2' && !this.http2 ? new Http2NotChosen() : undefined;
  }
}

/** A client with one connection and no time-outs or limits of its own. */
export function newClient(endpoint: Endpoint, connect: buildConnector.connector): Client {
  return new Client(endpoint.origin, {
    connect,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: NEVER_MS,
    keepAliveMaxTimeout: NEVER_MS,
    maxHeaderSize: HEAD_LIMIT,
  });
}
