/** @module A forward HTTP proxy for tests: it opens the tunnels that a test allows, and refuses the others. */
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** One CONNECT as it arrived. */
interface Asked {
  readonly authority: string;
  readonly authorization: string | undefined;
}

export interface TestProxy {
  readonly port: number;
  /** Without credentials. */
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

interface TestProxyOptions {
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  /** Bytes in place of its answer to CONNECT; the connection is closed after them. */
  readonly answer?: string;
  /** Where it takes every tunnel, in place of where it is asked to: a name that only it knows. */
  readonly leadsTo?: number;
  /** Speaks TLS to its clients. */
  readonly tls?: TlsOptions;
}

/** Starts a proxy on a free port of 127.0.0.1. What it cannot reach it answers with 502, as proxies do. */
export async function forwardProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server = options.tls ? createSecureServer(options.tls) : createServer();
  const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const keep = (socket: Socket): void => {
    sockets.add(socket.on('error', () => {}));
  };
  server.on('connection', keep);
  server.on('request', (_, response) => response.writeHead(405).end());
  server.on('connect', ({ url, headers }: IncomingMessage, client: Socket, ahead: Buffer) => {
    keep(client);
    asked.push({ authority: url!, authorization: headers['proxy-authorization'] });
    if (options.answer !== undefined) client.end(options.answer);
    else if (wanted !== undefined && headers['proxy-authorization'] !== wanted) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n',
      );
    } else tunnel(url!, client, ahead);
  });
  const tunnel = (authority: string, client: Socket, ahead: Buffer): void => {
    const { hostname, port } = new URL(`tcp://${authority}`);
    const upstream =
      options.leadsTo === undefined ? connect(Number(port), hostname) : connect(options.leadsTo, '127.0.0.1');
    keep(upstream);
    upstream.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(ahead);
      upstream.pipe(client);
      client.pipe(upstream);
    });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
