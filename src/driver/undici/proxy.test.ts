import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { scratch } from '../../units/scratch.case.ts';
import { CA, ELSEWHERE, GOOD } from '../certificates.case.ts';
import { exchange } from '../driver.case.ts';
import type { Driver, DriverOptions, Reply } from '../driver.ts';
import { forwardProxy, type TestProxy } from '../forward-proxy.case.ts';
import { answerWell, bare, call, type RawServer, rawServer } from '../raw-server.case.ts';
import { createUndiciDriver } from './undici.ts';

const GOOD_REPLY = { outcome: 'ok', detail: undefined, status: 200 };
const PASSWORD = 'p@ss/w:ö';

async function server(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const started = await rawServer(...args);
  onTestFinished(started.close);
  return started;
}

async function proxy(...args: Parameters<typeof forwardProxy>): Promise<TestProxy> {
  const started = await forwardProxy(...args);
  onTestFinished(started.close);
  return started;
}

function drive(url: string, through: string, options: Partial<DriverOptions> = {}): Driver {
  const driver = createUndiciDriver({
    url,
    proxy: through,
    connections: 1,
    timeoutUs: 10e6,
    checkIds: true,
    clock: systemClock,
    instanceHeader: 'x-served-by',
    tls: { insecure: false },
    ...options,
  });
  onTestFinished(() => driver.close());
  return driver;
}

/** A port without a listener. */
async function deadPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const withCredentials = (url: string, user: string, password: string): string =>
  Object.assign(new URL(url), { username: user, password }).href;

describe('the undici driver through a forward proxy', () => {
  it.each([
    ['http', {}],
    ['https', { tls: GOOD }],
  ] as const)('reaches an %s target by a tunnel, one per connection', async (_, options) => {
    const target = await server(answerWell, options);
    const way = await proxy();
    const driver = drive(target.url, way.url, { tls: { insecure: true }, connections: 2 });
    await driver.warm();
    for (const id of [1, 2, 3, 4]) expect(await exchange(driver, call(id, 'ü'))).toMatchObject(GOOD_REPLY);
    expect(way.asked).toEqual(
      Array(2).fill({ authority: `127.0.0.1:${target.port}`, authorization: undefined }),
    );
    expect(target.sockets).toHaveLength(2);
    expect(target.faults).toEqual([]);
    expect([...target.received[0]!.headers.keys()].filter((name) => name.startsWith('proxy'))).toEqual([]);
  });

  it('speaks HTTP/2 within the tunnel to a target that prefers it', async () => {
    const target = createSecureServer(GOOD);
    target.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => target.close(() => resolve())));
    const way = await proxy();
    const url = `https://127.0.0.1:${(target.address() as AddressInfo).port}/mcp`;
    const driver = drive(url, way.url, { tls: { insecure: true } });
    const replies = await Promise.all([1, 1, 1].map((id) => exchange(driver, call(id))));
    for (const reply of replies) expect(reply).toMatchObject(GOOD_REPLY);
    expect(way.asked).toHaveLength(1);
  });

  it('gives the credentials of its URL to the proxy alone', async () => {
    const target = await server(answerWell);
    const way = await proxy({ credentials: `user:${PASSWORD}` });
    const driver = drive(target.url, withCredentials(way.url, 'user', PASSWORD));
    expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
    expect(target.received[0]!.headers.has('proxy-authorization')).toBe(false);
  });

  it('opens a GET stream by a tunnel of its own', async () => {
    const target = await server((_, socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Served-By: i-7\r\n\r\n'),
    );
    const way = await proxy();
    const driver = drive(target.url, way.url);
    const opened = await new Promise((resolve) => {
      const onOpen = (status: number, servedBy: string | undefined): void => resolve([status, servedBy]);
      driver.open(bare('GET'), { onOpen, onEnd: resolve });
    });
    expect(opened).toEqual([200, 'i-7']);
    expect(way.asked).toHaveLength(1);
  });

  it('leaves the name of the target to the proxy', async () => {
    const target = await server(answerWell);
    const way = await proxy({ leadsTo: target.port });
    const driver = drive('http://mcp.invalid/mcp', way.url);
    expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
    expect(way.asked[0]!.authority).toBe('mcp.invalid:80');
    expect(target.received[0]!.headers.get('host')).toBe('mcp.invalid');
  });

  it('speaks TLS to a proxy at an https URL', async () => {
    const target = await server(answerWell);
    const way = await proxy({ tls: GOOD });
    const driver = drive(target.url, way.url, { tls: { insecure: true } });
    expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
  });
});

describe('a failure on the way', () => {
  const failing = async (driver: Driver): Promise<Reply> => {
    const reply = await exchange(driver, call(1));
    expect(reply.status, 'no server has answered').toBe(0);
    // The next call fares alike: neither the driver nor undici is stuck.
    expect(await exchange(driver, call(2))).toMatchObject({ outcome: reply.outcome, detail: reply.detail });
    return reply;
  };

  it('names a proxy that is not there', async () => {
    const port = await deadPort();
    const reply = await failing(drive('http://127.0.0.1:9/mcp', `http://127.0.0.1:${port}`));
    expect(reply).toMatchObject({ outcome: 'refused', detail: `ECONNREFUSED proxy 127.0.0.1:${port}` });
  });

  it('reports a proxy that requires credentials, or rejects them', async () => {
    const target = await server(answerWell);
    const way = await proxy({ credentials: `user:${PASSWORD}` });
    expect(await failing(drive(target.url, way.url))).toMatchObject({
      outcome: 'refused',
      detail: `proxy 127.0.0.1:${way.port} requires credentials (target.proxy) (407 Proxy Authentication Required: Basic realm="test")`,
    });
    const wrong = await failing(drive(target.url, withCredentials(way.url, 'user', 'wrong-one')));
    expect(wrong.detail).toBe(
      `proxy 127.0.0.1:${way.port} rejected the credentials of target.proxy (407 Proxy Authentication Required: Basic realm="test")`,
    );
    expect(target.received).toHaveLength(0);
  });

  it('names a proxy that does not reach the target', async () => {
    const way = await proxy();
    const port = await deadPort();
    expect(await failing(drive(`http://127.0.0.1:${port}/mcp`, way.url))).toMatchObject({
      outcome: 'refused',
      detail: `proxy 127.0.0.1:${way.port} could not reach 127.0.0.1:${port} (502 Bad Gateway)`,
    });
  });

  it.each([
    [
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
      'rejected the tunnel to 127.0.0.1:9 (403 Forbidden)',
    ],
    ['HTTP/1.1 504\r\nContent-Length: 0\r\n\r\n', 'could not reach 127.0.0.1:9 (504 Gateway Timeout)'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'does not speak HTTP (HPE_INVALID_CONSTANT)'],
    ['', 'closed the connection instead of opening a tunnel (ECONNRESET)'],
  ])('names a proxy that answers %j', async (answer, why) => {
    const way = await proxy({ answer });
    expect(await failing(drive('http://127.0.0.1:9/mcp', way.url))).toMatchObject({
      outcome: 'refused',
      detail: `proxy 127.0.0.1:${way.port} ${why}`,
    });
  });

  it('tells TLS that fails at the proxy from TLS that fails at the target', async () => {
    const plain = await proxy();
    const secure = await proxy({ tls: GOOD });
    const target = await server(answerWell, { tls: ELSEWHERE });
    const url = plain.url.replace('http:', 'https:');
    const noTls = await failing(drive(target.url, url));
    expect(noTls).toMatchObject({ outcome: 'tls-error' });
    expect(noTls.detail).toContain(`proxy 127.0.0.1:${plain.port}`);
    const unknown = await failing(drive(target.url, secure.url));
    expect(unknown).toMatchObject({ outcome: 'tls-error' });
    expect(unknown.detail).toContain(`UNABLE_TO_VERIFY_LEAF_SIGNATURE proxy 127.0.0.1:${secure.port}`);
    const within = await failing(drive(target.url, plain.url));
    expect(within).toMatchObject({ outcome: 'tls-error' });
    expect(within.detail).toContain(`127.0.0.1:${target.port} through proxy 127.0.0.1:${plain.port}`);
  });

  it('tells whose certificate is for another host', async () => {
    const caFile = join(scratch(), 'ca.pem');
    writeFileSync(caFile, CA);
    const tls = { insecure: false, caFile };
    const target = await server(answerWell);
    const elsewhere = await server(answerWell, { tls: ELSEWHERE });
    const plain = await proxy();
    const secure = await proxy({ tls: ELSEWHERE });
    const atProxy = await failing(drive(target.url, secure.url, { tls }));
    expect(atProxy.outcome).toBe('tls-error');
    expect(atProxy.detail).toContain(`ERR_TLS_CERT_ALTNAME_INVALID proxy 127.0.0.1:${secure.port}`);
    const atTarget = await failing(drive(elsewhere.url, plain.url, { tls }));
    expect(atTarget.outcome).toBe('tls-error');
    expect(atTarget.detail).toContain(
      `ERR_TLS_CERT_ALTNAME_INVALID 127.0.0.1:${elsewhere.port} through proxy 127.0.0.1:${plain.port}`,
    );
  });

  it('within the tunnel is reported as one of the target, and the next call has a tunnel of its own', async () => {
    const target = await server((request, socket) => {
      if (request.index === 0) socket.destroy();
      else answerWell(request, socket);
    });
    const way = await proxy();
    const driver = drive(target.url, way.url);
    const reply = await exchange(driver, call(1));
    expect(reply.outcome).toBe('reset');
    expect(reply.detail).toContain(`127.0.0.1:${target.port} through proxy 127.0.0.1:${way.port}`);
    expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
    expect(way.asked).toHaveLength(2);
  });

  it('gives up in time on a proxy that says nothing, and ends with the driver', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const driver = drive('http://127.0.0.1:9/mcp', `http://127.0.0.1:${port}`, { timeoutUs: 300_000 });
    expect(await exchange(driver, call(1))).toMatchObject({
      outcome: expect.stringMatching(/timeout|refused/),
    });
    const patient = drive('http://127.0.0.1:9/mcp', `http://127.0.0.1:${port}`);
    const warming = patient.warm();
    await patient.close();
    await warming;
  });
});
