import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { GOOD } from '../certificates.case.ts';
import { describeDriver, exchange } from '../driver.case.ts';
import type { Driver } from '../driver.ts';
import { call } from '../raw-server.case.ts';
import { createUndiciDriver } from './undici.ts';

describeDriver({
  name: 'undici',
  create: createUndiciDriver,
  skip: [
    {
      reason:
        'undici takes a 100 that was not requested as an error and closes the connection (client-h1, onHeadersComplete)',
      tests: ['100 before the answer'],
    },
  ],
});

/** One request on a stream of HTTP/2. */
interface Asked {
  readonly stream: ServerHttp2Stream;
  readonly id: number;
}

describe('the undici driver over HTTP/2', () => {
  let server: Http2SecureServer;
  let driver: Driver;
  let sessions = 0;

  const start = async (onAsked: (asked: Asked) => void, timeoutUs = 10e6): Promise<Driver> => {
    sessions = 0;
    server = createSecureServer({ ...GOOD, allowHTTP1: true });
    server.on('session', () => {
      sessions += 1;
    });
    server.on('stream', (stream) => {
      let body = '';
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        body += text;
      });
      stream.on('error', () => {});
      stream.on('end', () => {
        // A session that is destroyed ends its streams without a word.
        if (body !== '') onAsked({ stream, id: JSON.parse(body).id });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    driver = createUndiciDriver({
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
      connections: 2,
      timeoutUs,
      checkIds: true,
      clock: systemClock,
      instanceHeader: 'x-served-by',
      tls: { insecure: true },
    });
    return driver;
  };
  const answer = ({ stream, id }: Asked): void => {
    stream.respond({ ':status': 200, 'content-type': 'application/json', 'x-served-by': 'i-2' });
    stream.end(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } }));
  };

  afterEach(async () => {
    await driver.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('has many calls under way on few connections', async () => {
    const held: Asked[] = [];
    await start((asked) => {
      held.push(asked);
      // Only a driver that sends all of them before any is answered gets here.
      if (held.length === 60) for (const each of held) answer(each);
    });
    const replies = await Promise.all(Array.from({ length: 60 }, (_, id) => exchange(driver, call(id))));
    for (const reply of replies) expect(reply).toMatchObject({ outcome: 'ok', status: 200, servedBy: 'i-2' });
    expect(sessions).toBe(2);
  });

  it('ends a call when its answer arrives in a stream that stays open, and keeps the connection', async () => {
    await start(({ stream, id }) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      const result = { resultType: 'complete', content: [] };
      stream.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
    });
    for (let id = 0; id < 6; id += 1) {
      expect(await exchange(driver, call(id))).toMatchObject({ outcome: 'ok', detail: undefined });
    }
    expect(sessions).toBe(2);
  });

  it('loses one call, not its neighbours, when a stream is reset or late', async () => {
    await start((asked) => {
      if (asked.id === 0) asked.stream.close(2);
      else if (asked.id !== 1) answer(asked);
    }, 1_000_000);
    await exchange(driver, call(9));
    const replies = await Promise.all(Array.from({ length: 8 }, (_, id) => exchange(driver, call(id))));
    expect(replies.map((reply) => reply.outcome)).toEqual(['reset', 'timeout', ...Array(6).fill('ok')]);
  });

  it.each([
    ['goes away in the middle', (stream: ServerHttp2Stream) => stream.session?.destroy()],
    ['says that it will process nothing', (stream: ServerHttp2Stream) => stream.session?.goaway(0, 0)],
  ])('counts every call once when the server %s', async (_, go) => {
    const seen: number[] = [];
    await start(({ stream, id }) => {
      seen.push(id);
      if (id === 5) go(stream);
    }, 1_000_000);
    const replies = await Promise.all(Array.from({ length: 8 }, (_, id) => exchange(driver, call(id))));
    expect(replies.map((reply) => reply.outcome).filter((outcome) => outcome === 'ok')).toEqual([]);
    expect(new Set(seen).size, 'no call is sent twice').toBe(seen.length);
  });
});
