/** @module Both ends of a proxy under test: upstreams that a test controls, and a client that sends raw bytes. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createRawServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PolicyName } from '../../profile/settings.ts';
import type { Deciders } from './admission.ts';
import { type ProxyOptions, type ReverseProxy, startProxy } from './proxy.ts';

/**
 * Leaves `cleanUp` to the end of the test; the last one is done first. A hook of this module would be registered for the first file of a
 * worker only, as modules are loaded once for all of them.
 */
export function atEnd(cleanUp: () => unknown): void {
  onTestFinished(async () => {
    await cleanUp();
  });
}

/** A server that listens on `port`. */
interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

/** An HTTP server on `port` (0: any), until it is stopped. */
export async function listening(handler: RequestListener, port = 0): Promise<Listening> {
  const server = createServer(handler).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

/** The same, until the end of the test at the latest. */
export async function upstream(handler: RequestListener, port = 0): Promise<Listening> {
  const server = await listening(handler, port);
  atEnd(() => server.stop());
  return server;
}

/** A server that hands every connection to `talk`. */
export async function rawUpstream(talk: (socket: Socket) => void): Promise<{ port: number }> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
}

/** A port without a listener. */
export async function deadPort(): Promise<number> {
  const server = createRawServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A proxy in this process before upstreams `i0`, `i1` ... on `ports`. */
export async function proxyTo(
  ports: readonly number[],
  policy: PolicyName = 'round-robin',
  deciders: Deciders = {},
  options: Partial<ProxyOptions> = {},
): Promise<ReverseProxy> {
  const upstreams = ports.map((port, index) => ({ id: `i${index}`, host: '127.0.0.1', port }));
  const proxy = await startProxy({ policy, upstreams, seed: 1, ...options }, deciders);
  atEnd(() => proxy.close());
  return proxy;
}

/** A client that sends bytes and keeps what comes back. */
export class RawClient {
  readonly socket: Socket;
  /** How the connection ended: `end` (orderly) or an error code. */
  readonly ended: Promise<string>;
  text = '';
  #onData: () => void = () => {};

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    atEnd(() => this.socket.destroy());
    this.socket.setEncoding('latin1').on('data', (data: string) => {
      this.text += data;
      this.#onData();
    });
    this.ended = new Promise((resolve) => {
      this.socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      this.socket.once('end', () => resolve('end'));
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Resolves when `part` has arrived `times` times. */
  async until(part: string, times = 1): Promise<string> {
    while (this.text.split(part).length <= times) {
      await new Promise<void>((resolve) => {
        this.#onData = resolve;
      });
    }
    return this.text;
  }
}

/** A request without needless fields. */
export const ask = (body = '', fields = '', method = 'POST'): string =>
  `${method} /mcp HTTP/1.1\r\nhost: a\r\n${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
