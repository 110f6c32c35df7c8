import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { GOOD } from '../certificates.case.ts';
import { exchange } from '../driver.case.ts';
import type { Driver, DriverOptions, OpenedConnection, Reply } from '../driver.ts';
import { call } from '../raw-server.case.ts';
import { createUndiciDriver } from './undici.ts';

const BOTH = { ...GOOD, allowHTTP1: true };
const WELL = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete', content: [] } });

describe('the undici driver and versions of HTTP', () => {
  let close: () => Promise<void>;
  afterEach(() => close());

  const versions: string[] = [];
  const answer = (request: IncomingMessage | { httpVersion: string }, response: unknown): void => {
    versions.push(request.httpVersion);
    const to = response as ServerResponse;
    to.writeHead(200, { 'content-type': 'application/json' });
    to.end(WELL);
  };

  /** A driver of one connection to `server`; both end with the test. */
  const drive = async (
    server: Server,
    scheme: 'http' | 'https',
    options: Partial<DriverOptions>,
  ): Promise<Driver> => {
    versions.splice(0);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const driver = createUndiciDriver({
      url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
      connections: 1,
      timeoutUs: 10e6,
      checkIds: true,
      clock: systemClock,
      instanceHeader: 'x-served-by',
      tls: { insecure: true },
      ...options,
    });
    close = async () => {
      await driver.close();
      await new Promise((resolve) => server.close(resolve));
    };
    return driver;
  };

  const asked = async (
    server: Server,
    scheme: 'http' | 'https',
    options: Partial<DriverOptions> = {},
    times = 1,
  ) => {
    const opened: OpenedConnection[] = [];
    const onConnection = (connection: OpenedConnection) => opened.push(connection);
    const driver = await drive(server, scheme, { ...options, onConnection });
    const replies: Reply[] = [];
    for (let each = 0; each < times; each += 1) replies.push(await exchange(driver, call(1)));
    return { replies, opened };
  };

  it.each([
    ['auto', 'https', '2.0'],
    ['1.1', 'https', '1.1'],
    ['2', 'https', '2.0'],
  ] as const)('%s over %s is %s with a server that prefers 2', async (http, scheme, version) => {
    const { replies, opened } = await asked(createSecureServer(BOTH, answer), scheme, { http });
    expect(replies).toMatchObject([{ outcome: 'ok' }]);
    expect(versions).toEqual([version]);
    expect(opened).toMatchObject([{ http: version === '2.0' ? '2' : '1.1', resumed: false }]);
    expect(opened[0]!.connectUs).toBeGreaterThanOrEqual(0);
    expect(opened[0]!.handshakeUs).toBeGreaterThan(0);
  });

  it('2 over http begins without negotiation', async () => {
    const { replies, opened } = await asked(createHttp2Server(answer), 'http', { http: '2' }, 2);
    expect(replies).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
    expect(versions).toEqual(['2.0', '2.0']);
    expect(opened).toEqual([{ http: '2', connectUs: expect.any(Number) }]);
  });

  it('auto over http is 1.1', async () => {
    const { opened } = await asked(createServer(answer), 'http');
    expect(versions).toEqual(['1.1']);
    expect(opened).toEqual([{ http: '1.1', connectUs: expect.any(Number) }]);
  });

  it('2 with a server that does not choose it is an error of TLS', async () => {
    const { replies, opened } = await asked(createSecure(GOOD, answer), 'https', { http: '2' });
    expect(replies).toMatchObject([{ outcome: 'tls-error', status: 0 }]);
    expect(replies[0]!.detail).toContain('the server did not choose HTTP/2');
    expect(opened).toEqual([]);
  });

  it.each([true, false])('resumes sessions of TLS only where it may: %s', async (resume) => {
    const server = createSecureServer(BOTH, answer);
    const tls = { insecure: true, resume };
    const { replies, opened } = await asked(server, 'https', { http: '1.1', tls, perConnection: 1 }, 4);
    expect(replies.map(({ outcome }) => outcome)).toEqual(Array(4).fill('ok'));
    // undici keeps sessions by weak references: how many it resumes depends on the garbage collector.
    expect(opened).toHaveLength(4);
    if (!resume) expect(opened.map(({ resumed }) => resumed)).toEqual(Array(4).fill(false));
    else expect(opened.some(({ resumed }) => resumed)).toBe(true);
  });

  it('allows as many calls on a connection as it is told', async () => {
    let most = 0;
    let under = 0;
    const server = createHttp2Server((request, response) => {
      under += 1;
      most = Math.max(most, under);
      setImmediate(() => {
        under -= 1;
        answer(request, response);
      });
    });
    const driver = await drive(server, 'http', { maxConnections: 1, checkIds: false, http: '2', streams: 3 });
    await exchange(driver, call(1));
    const replies = await Promise.all(Array.from({ length: 12 }, (_, id) => exchange(driver, call(id))));
    expect(replies.map(({ outcome }) => outcome)).toEqual(Array(12).fill('ok'));
    expect(most).toBe(3);
  });

  it.each([
    [1, 5, 30],
    [1, 20, 4],
    [3, 20, 8],
  ])(
    'goes on after a GOAWAY: %d connections, %d streams, %d calls under way',
    async (connections, streams, under) => {
      let served = 0;
      const server = createHttp2Server((request, response) => {
        served += 1;
        // Each connection ends after some calls, as those of nginx do.
        if (served % 30 === 0) response.stream.session?.goaway(0);
        setImmediate(() => answer(request, response));
      });
      const options = {
        connections,
        maxConnections: connections,
        checkIds: false,
        http: '2',
        streams,
      } as const;
      const driver = await drive(server, 'http', options);
      const replies: Reply[] = [];
      const loop = async (): Promise<void> => {
        while (replies.length < 200) replies.push({ ...(await exchange(driver, call(1))) });
      };
      await Promise.all(Array.from({ length: under }, loop));
      const failed = replies.filter(({ outcome }) => outcome !== 'ok');
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.length).toBeLessThan(replies.length / 2);
      for (const { outcome, detail } of failed) {
        expect(outcome).toBe('reset');
        expect(detail).not.toContain('UND_ERR');
      }
    },
  );
});
