/** @module How undici gets its sockets: connections opened ahead of the load are handed out first. */
import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { Micros } from '../../units/time.ts';
import type { Endpoint } from '../endpoint.ts';
import { HEAD_LIMIT } from '../failure.ts';
import { Tunnels } from './proxy.ts';

/** Far beyond any run: the driver has its own time-outs, and only the server closes idle connections. */
const NEVER_MS = 2 ** 31 - 1;

/** Opens connections to one endpoint. */
export class ClientConnector {
  readonly #endpoint: Endpoint;
  readonly #build: buildConnector.connector;
  readonly #tunnels: Tunnels | undefined;
  readonly #ready: Socket[] = [];
  /** Whether the server chose HTTP/2 (ALPN). */
  http2 = false;

  constructor(endpoint: Endpoint, timeoutUs: Micros) {
    const timeout = Math.max(1, Math.ceil(timeoutUs / 1000));
    this.#endpoint = endpoint;
    this.#tunnels = endpoint.proxy && new Tunnels(endpoint, endpoint.proxy, timeout);
    this.#build = buildConnector({
      ...endpoint.tls,
      allowH2: endpoint.secure,
      timeout,
    } as buildConnector.BuildOptions);
  }

  /** What undici calls when a client needs a connection. */
  readonly connect: buildConnector.connector = (options, callback) => {
    const ready = this.#ready.shift();
    if (ready === undefined) this.#open(options, callback);
    else setImmediate(() => (ready.destroyed ? this.#open(options, callback) : callback(null, ready)));
  };

  /** As {@link connect}, always with a new connection. */
  readonly fresh: buildConnector.connector = (options, callback) => this.#open(options, callback);

  /** Opens `count` connections and keeps them for {@link connect}; resolves when each is up or has failed. */
  async warm(count: number): Promise<void> {
    const { hostname, port, secure } = this.#endpoint;
    const options = { hostname, port: String(port), protocol: secure ? 'https:' : 'http:' };
    const one = (): Promise<void> =>
      new Promise((resolve) => {
        this.#open(options, (error, socket) => {
          if (error === null && socket !== null) this.#keep(socket);
          resolve();
        });
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

  #open(options: buildConnector.Options, callback: buildConnector.Callback): void {
    if (this.#tunnels === undefined) {
      this.#connect(options, callback);
      return;
    }
    this.#tunnels.open((error, socket) => {
      if (socket === undefined) callback(error!, null);
      else if (!this.#endpoint.secure) callback(null, socket);
      else this.#connect({ ...options, httpSocket: socket }, callback);
    });
  }

  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    this.#build(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      this.http2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
      callback(null, socket);
    });
  }
}

/** A client with one connection and no time-outs or limits of its own. */
export function newClient(endpoint: Endpoint, connect: buildConnector.connector): Client {
  return new Client(endpoint.origin, {
    connect,
    pipelining: 1,
    allowH2: endpoint.secure,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: NEVER_MS,
    keepAliveMaxTimeout: NEVER_MS,
    maxHeaderSize: HEAD_LIMIT,
  });
}
