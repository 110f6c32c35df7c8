import { mkdtempSync, writeFileSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { startCommand } from '../../../process/command.ts';
import { findProgram } from '../../../process/find-program.ts';
import { onFreePort } from '../../../process/free-port.ts';
import { GOOD } from '../../certificates.case.ts';
import { exchange } from '../../driver.case.ts';
import type { Driver, DriverOptions, OpenedConnection } from '../../driver.ts';
import { bare, call } from '../../raw-server.case.ts';
import { http2Driver } from './http2-driver.case.ts';

const OK = { outcome: 'ok', status: 200 };
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const RESULT = { resultType: 'complete', content: [] };

/** What ends with its test. */
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function drive(url: string, options: Partial<DriverOptions> = {}): Driver {
  const driver = http2Driver(url, { connections: 2, ...options });
  endings.push(() => driver.close());
  return driver;
}

function answer(stream: ServerHttp2Stream, body: string): void {
  if (body === '') {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    stream.write('data: {"jsonrpc":"2.0","method":"notifications/x"}\n\n');
    return;
  }
  const { id } = JSON.parse(body) as { id: number };
  stream.respond({ ':status': 200, 'content-type': 'application/json', 'x-served-by': `i-${id % 3}` });
  stream.end(JSON.stringify({ jsonrpc: '2.0', id, result: RESULT }));
}

/** Starts a server of Node. Returns its URL. */
async function nodeServer(server: Http2Server | Http2SecureServer | Server, scheme: string): Promise<string> {
  server.on('stream', (stream: ServerHttp2Stream) => {
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('error', () => {});
    stream.on('end', () => answer(stream, body));
  });
  // Over HTTP/1.1, of a server that allows both.
  server.on('request', (request, response) => {
    if (request.httpVersionMajor > 1) return;
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: RESULT }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  endings.push(() => void server.close());
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const secureServer = (allowHTTP1 = true): Promise<string> =>
  nodeServer(createSecureServer({ ...GOOD, allowHTTP1 }), 'https');

/** Runs an installed program with a configuration of `port` and its folder. */
async function program(
  name: string,
  configure: (port: number, folder: string) => string,
  args: (file: string, folder: string) => readonly string[],
): Promise<number> {
  const binary = findProgram(name);
  if (binary === undefined) throw new Error(`${name} is not installed`);
  return onFreePort(async (port) => {
    const folder = mkdtempSync(join(tmpdir(), `paceline-${name}-`));
    const file = join(folder, 'configuration');
    writeFileSync(join(folder, 'both.pem'), GOOD.cert + GOOD.key);
    writeFileSync(file, configure(port, folder));
    const command = await startCommand({
      name,
      command: [binary, ...args(file, folder)],
      cwd: folder,
      scratch: folder,
      answers: () =>
        new Promise((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy().destroyed));
          socket.on('error', () => resolve(false));
        }),
      readyWithinUs: 15e6,
    });
    endings.push(() => command.stop());
    return port;
  });
}

const nginx = (listen: string, more = ''): Promise<number> =>
  program(
    'nginx',
    (port, folder) => `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${folder}/body; ${more}
  server {
    listen 127.0.0.1:${port} ${listen}; ssl_certificate ${folder}/both.pem; ssl_certificate_key ${folder}/both.pem;
    location / {
      default_type application/json;
      return 200 '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}';
    }
  }
}`,
    (file, folder) => ['-p', folder, '-c', file, '-e', join(folder, 'error.log')],
  );

const haproxy = (bind: string): Promise<number> =>
  program(
    'haproxy',
    (port, folder) => `defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
frontend f
  bind 127.0.0.1:${port} ${bind.replace('CERT', `${folder}/both.pem`)}
  http-request return status 200 content-type application/json string '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}'
`,
    (file) => ['-db', '-f', file],
  );

describe('HTTP/2 with the servers of others', () => {
  it.each([
    ['h2c', () => nodeServer(createServer(), 'http'), '2'],
    ['TLS', () => secureServer(), '2'],
    ['TLS, where both are offered', () => secureServer(), 'auto'],
  ] as const)('talks to node:http2 over %s', async (_, serve, http) => {
    const opened: OpenedConnection[] = [];
    const driver = drive(await serve(), { http, onConnection: (connection) => opened.push(connection) });
    await driver.warm();
    const replies = await Promise.all(
      range(200).map((id) => exchange(driver, call(id, 'x'.repeat(id % 9 === 0 ? 200_000 : 10)))),
    );
    for (const [id, reply] of replies.entries())
      expect(reply).toMatchObject({ ...OK, servedBy: `i-${id % 3}` });
    expect(opened).toHaveLength(2);
    for (const { http: version } of opened) expect(version).toBe('2');
    const message = await new Promise((resolve) => {
      driver.open(bare('GET'), { onOpen: () => {}, onMessage: resolve, onEnd: resolve });
    });
    expect(message).toBe('{"jsonrpc":"2.0","method":"notifications/x"}');
    expect(opened, 'a long-lived stream is not of the pool').toHaveLength(2);
  });

  it.each([
    ['h2c', () => nginx('http2'), 'http'],
    ['TLS', () => nginx('ssl http2'), 'https'],
    ['h2c, at its limit of requests per connection', () => nginx('http2', 'keepalive_requests 50;'), 'http'],
  ] as const)('talks to nginx over %s', async (_, serve, scheme) => {
    const driver = drive(`${scheme}://127.0.0.1:${await serve()}/mcp`, { checkIds: false });
    for (const round of range(5)) {
      const replies = await Promise.all(range(400).map((id) => exchange(driver, call(round * 400 + id))));
      expect(replies.filter(({ outcome }) => outcome !== 'ok').map(({ detail }) => detail)).toEqual([]);
    }
  });

  it.each([
    ['h2c', 'proto h2', 'http'],
    ['TLS', 'ssl crt CERT alpn h2,http/1.1', 'https'],
  ])('talks to HAProxy over %s', async (_, bind, scheme) => {
    const driver = drive(`${scheme}://127.0.0.1:${await haproxy(bind)}/mcp`, { checkIds: false });
    const replies = await Promise.all(range(500).map((id) => exchange(driver, call(id))));
    expect(replies.filter(({ outcome }) => outcome !== 'ok').map(({ detail }) => detail)).toEqual([]);
  });
});

describe('the version of HTTP', () => {
  it('is 1.1 where the server speaks nothing else, and calls wait for that', async () => {
    const server = createHttpsServer(GOOD);
    const opened: OpenedConnection[] = [];
    const driver = drive(await nodeServer(server, 'https'), {
      http: 'auto',
      onConnection: (connection) => opened.push(connection),
    });
    const replies = await Promise.all(range(20).map((id) => exchange(driver, call(id))));
    for (const reply of replies) expect(reply).toMatchObject(OK);
    expect(opened).toHaveLength(2);
    for (const connection of opened) {
      expect(connection).toMatchObject({ http: '1.1', resumed: false });
      expect(connection.handshakeUs).toBeGreaterThan(0);
    }
  });

  it.each([
    ['2', ['http/1.1'], /accepts none of the protocols that ALPN offered: h2\)$/],
    ['1.1', ['h2'], /accepts none of the protocols that ALPN offered: http\/1\.1\)$/],
    ['auto', ['other'], /accepts none of the protocols that ALPN offered: h2, http\/1\.1\)$/],
  ] as const)('is named when the server does not speak %s', async (http, ALPNProtocols, words) => {
    const server = createTlsServer({ ...GOOD, ALPNProtocols: [...ALPNProtocols] });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const driver = drive(url, { http });
    const replies = await Promise.all(range(5).map((id) => exchange(driver, call(id))));
    for (const reply of replies)
      expect(reply).toMatchObject({
        ...{ outcome: 'tls-error', status: 0, cause: 'no-common-version' },
        detail: expect.stringMatching(words),
      });
    const detail = await new Promise((resolve) => {
      driver.open(bare('GET'), { onOpen: resolve, onEnd: resolve });
    });
    expect(detail).toMatch(words);
  });

  it('is named when 2 is asked of a server without ALPN', async () => {
    const server = createTlsServer(GOOD);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(() => void server.close());
    const driver = drive(`https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    expect(await exchange(driver, call(1))).toMatchObject({
      outcome: 'tls-error',
      detail: expect.stringContaining('the server chose none of the protocols'),
    });
  });

  it.each([
    [true, [false, true, true]],
    [false, [false, false, false]],
  ])('goes with resumption of TLS: %s', async (resume, expected) => {
    const opened: OpenedConnection[] = [];
    const driver = drive(await secureServer(), {
      connections: 1,
      perConnection: 1,
      http: 'auto',
      tls: { insecure: true, resume },
      onConnection: (connection) => opened.push(connection),
    });
    for (const id of range(3)) expect(await exchange(driver, call(id))).toMatchObject(OK);
    expect(opened.map(({ resumed }) => resumed)).toEqual(expected);
  });
});
