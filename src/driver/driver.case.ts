/** @module What every driver must do, against real servers on loopback that behave well, badly, or not at all. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Request } from '../protocol/request.ts';
import { systemClock } from '../units/clock.ts';
import { CA, ELSEWHERE, GOOD } from './certificates.case.ts';
import type { CreateDriver, Driver, DriverOptions, Reply } from './driver.ts';
import {
  type Answer,
  answerWell,
  bare,
  call,
  json,
  notification,
  type RawServer,
  type Received,
  rawServer,
  resultFor,
} from './raw-server.case.ts';

export interface DriverSuite {
  readonly name: string;
  readonly create: CreateDriver;
  /** What the driver cannot do, and why. Names of tests below. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

/** Runs the suite for one driver. */
export function describeDriver({ name, create, skip = [] }: DriverSuite): void {
  const skipped = new Set(skip.flatMap((entry) => entry.tests));
  const named = new Set<string>();
  const test = (title: string, body: () => Promise<void>): void => {
    named.add(title);
    if (skipped.has(title)) it.skip(title, body);
    else it(title, body);
  };
  const servers: RawServer[] = [];
  const drivers: Driver[] = [];

  const serve = async (...args: Parameters<typeof rawServer>): Promise<RawServer> => {
    const server = await rawServer(...args);
    servers.push(server);
    return server;
  };
  const drive = (url: string, options: Partial<DriverOptions> = {}): Driver => {
    const driver = create({
      url,
      connections: 1,
      timeoutUs: 10e6,
      checkIds: true,
      clock: systemClock,
      instanceHeader: 'x-served-by',
      tls: { insecure: false },
      ...options,
    });
    drivers.push(driver);
    return driver;
  };

  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
    const faults = servers.flatMap((server) => server.faults);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(faults, 'requests on the wire are well formed').toEqual([]);
  });

  /** Answers the first call with `bytes` and the others as it should be; gives the first two replies. */
  const first = async (bytes: (request: Received) => string, then: (socket: Socket) => void = () => {}) => {
    const server = await serve((request, socket) => {
      if (request.index > 0) return answerWell(request, socket);
      socket.write(bytes(request), 'latin1', () => then(socket));
    });
    const driver = drive(server.url);
    const replies = [await exchange(driver, call(1)), await exchange(driver, call(2))] as const;
    return { server, driver, replies };
  };
  const mended = { outcome: 'ok', detail: undefined, status: 200 };

  describe(`driver ${name}`, () => {
    describe('answers', () => {
      test('a JSON answer', async () => {
        const server = await serve((request, socket) => {
          socket.write(
            json(resultFor(request), [
              'X-Served-By: i-3',
              'Mcp-Session-Id: s1',
              'Server-Timing: tool;dur=1.5',
            ]),
          );
        });
        const driver = drive(server.url);
        const before = systemClock.now();
        const reply = await exchange(driver, call(7), true);
        expect(reply).toMatchObject({
          outcome: 'ok',
          detail: undefined,
          status: 200,
          servedBy: 'i-3',
          sessionId: 's1',
          serverTiming: 'tool;dur=1.5',
          body: '{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","content":[]}}',
        });
        expect(reply.sentUs).toBeGreaterThanOrEqual(before);
        expect(reply.firstByteUs).toBeGreaterThanOrEqual(reply.sentUs);
        expect(reply.doneUs).toBeGreaterThanOrEqual(reply.firstByteUs);
        expect(systemClock.now()).toBeGreaterThanOrEqual(reply.doneUs);
        expect((await exchange(driver, call(8))).body).toBeUndefined();
      });

      test('an event stream', async () => {
        const { replies, server } = await first(
          (request) =>
            `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n${chunks(
              [
                'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n',
                `event: message\ndata: ${resultFor(request)}\n\n`,
              ],
            )}`,
        );
        expect(replies).toMatchObject([mended, mended]);
        expect(server.sockets).toHaveLength(1);
        const kept = await serve((request, socket) => {
          const body = `data: {"jsonrpc":"2.0","method":"notifications/message"}\n\ndata: ${resultFor(request)}\n\n`;
          socket.write(json(body).replace('application/json', 'text/event-stream'));
        });
        const reply = await exchange(drive(kept.url), call(5), true);
        expect(JSON.parse(reply.body ?? '')).toMatchObject({ id: 5, result: {} });
      });

      test('chunks, extensions and trailers, byte by byte', async () => {
        const server = await serve(async (request, socket) => {
          const body = resultFor(request);
          const bytes =
            'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n' +
            `${chunks([body.slice(0, 10), body.slice(10)], ';name="a value"', 'X-Sum: 1\r\n')}`;
          for (const byte of bytes) await written(socket, byte);
        });
        const driver = drive(server.url);
        expect(await exchange(driver, call(1))).toMatchObject(mended);
        expect(await exchange(driver, call(2))).toMatchObject(mended);
        expect(server.sockets).toHaveLength(1);
      });

      test('a body that ends with the connection', async () => {
        const { replies, server } = await first(
          (request) =>
            `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${resultFor(request)}`,
          (socket) => socket.end(),
        );
        expect(replies).toMatchObject([mended, mended]);
        expect(server.sockets).toHaveLength(2);
      });

      test('202 and 204 without a body', async () => {
        const server = await serve((request, socket) => {
          socket.write(
            request.index === 0
              ? 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
              : 'HTTP/1.1 204 No Content\r\n\r\n',
          );
        });
        const driver = drive(server.url);
        expect(await exchange(driver, notification())).toMatchObject({ outcome: 'ok', status: 202 });
        expect(await exchange(driver, bare('DELETE'))).toMatchObject({ outcome: 'ok', status: 204 });
        expect(server.sockets).toHaveLength(1);
        expect(server.received[1]).toMatchObject({ method: 'DELETE', body: '' });
      });

      test('103 before the answer', async () => {
        const { replies, server } = await first(
          (request) =>
            `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${json(resultFor(request))}`,
        );
        expect(replies).toMatchObject([mended, mended]);
        expect(server.sockets).toHaveLength(1);
      });

      test('100 before the answer', async () => {
        const { replies } = await first(
          (request) => `HTTP/1.1 100 Continue\r\n\r\n${json(resultFor(request))}`,
        );
        expect(replies).toMatchObject([mended, mended]);
      });

      test('an HTTP error', async () => {
        const { replies, server } = await first(() => json('busy', [], '503 Service Unavailable'));
        expect(replies).toMatchObject([{ outcome: 'http-error', status: 503 }, mended]);
        expect(replies[0].detail).toContain('503');
        expect(server.sockets).toHaveLength(1);
      });

      test('connection: close after every answer', async () => {
        const server = await serve((request, socket) => {
          socket.end(json(resultFor(request), ['Connection: close']));
        });
        const driver = drive(server.url, { connections: 2 });
        const replies = await Promise.all(range(20).map((id) => exchange(driver, call(id))));
        expect(replies.map((reply) => reply.outcome)).toEqual(range(20).map(() => 'ok'));
        expect(server.sockets).toHaveLength(20);
      });
    });

    describe('requests', () => {
      test('method, path, headers and a body counted in bytes', async () => {
        const server = await serve(answerWell);
        await exchange(drive(server.url), call(1, 'Grüße, 世界'));
        const { headers, body, method, path } = server.received[0]!;
        expect({ method, path }).toEqual({ method: 'POST', path: '/mcp?x=1' });
        expect(headers.get('host')).toBe(`127.0.0.1:${server.port}`);
        expect(headers.get('accept')).toBe('application/json, text/event-stream');
        expect(headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
        expect(JSON.parse(body)).toMatchObject({ params: { arguments: { text: 'Grüße, 世界' } } });
      });

      test('calls beyond the connections wait in order', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url);
        const replies = await Promise.all(range(50).map((id) => exchange(driver, call(id))));
        expect(replies.every((reply) => reply.outcome === 'ok')).toBe(true);
        expect(server.received.map((request) => JSON.parse(request.body).id)).toEqual(range(50));
        expect(server.sockets).toHaveLength(1);
      });

      test('one call at a time per connection, and all connections in turn', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url, { connections: 4 });
        await driver.warm();
        for (const id of range(8)) await exchange(driver, call(id));
        expect(server.sockets).toHaveLength(4);
        const used = server.received.map((request) => request.connection);
        expect(new Set(used.slice(0, 4)).size).toBe(4);
        expect(used.slice(4)).toEqual(used.slice(0, 4));
      });

      test('warm opens the connections, and calls use them', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url, { connections: 3 });
        await driver.warm();
        await server.accepted(3);
        await Promise.all(range(6).map((id) => exchange(driver, call(id))));
        expect(server.sockets).toHaveLength(3);
      });
    });

    describe('faults of the server', () => {
      test("another call's id", async () => {
        const { replies, server } = await first((request) => json(resultFor(request, 99)));
        expect(replies).toMatchObject([{ outcome: 'malformed', status: 200 }, mended]);
        expect(server.sockets, 'framing is intact: the connection stays').toHaveLength(1);
      });

      test('garbage', async () => {
        const { replies } = await first(() => 'SSH-2.0-OpenSSH_9.2\r\n\r\n');
        expect(replies).toMatchObject([{ outcome: 'malformed', status: 0 }, mended]);
        expect(replies[0].detail).not.toBe('');
      });

      test('any garbage', async () => {
        const garbage = fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
          fc.string().map((text) => Buffer.from(`HTTP/1.1 200 OK\r\n${text}\r\n\r\n`)),
          fc.string().map((text) => Buffer.from(json(text))),
        );
        let bytes = Buffer.alloc(0);
        const server = await serve((_, socket) => socket.end(bytes));
        const driver = drive(server.url);
        await fc.assert(
          fc.asyncProperty(garbage, async (drawn) => {
            bytes = drawn;
            const { outcome, detail } = await exchange(driver, call(1));
            expect(['malformed', 'reset', 'http-error']).toContain(outcome);
            expect(detail).not.toBe('');
          }),
          { numRuns: 60 },
        );
      });

      test('contradicting lengths', async () => {
        const { replies } = await first(
          () => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{"a":1}',
        );
        expect(replies).toMatchObject([{ outcome: 'malformed' }, mended]);
      });

      test('a head without end', async () => {
        const { replies } = await first(() => `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(80 * 1024)}`);
        expect(replies).toMatchObject([{ outcome: 'malformed' }, mended]);
      });

      test('half an answer', async () => {
        const { replies } = await first(
          (request) => json(resultFor(request)).slice(0, -5),
          (socket) => socket.end(),
        );
        expect(replies).toMatchObject([{ outcome: 'reset' }, mended]);
      });

      test('half of a chunked answer', async () => {
        const { replies } = await first(
          () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n',
          (socket) => socket.end(),
        );
        expect(replies).toMatchObject([{ outcome: 'reset' }, mended]);
      });

      test('half a head', async () => {
        const { replies } = await first(
          () => 'HTTP/1.1 200 OK\r\nContent-Le',
          (socket) => socket.end(),
        );
        expect(replies).toMatchObject([{ outcome: 'reset' }, mended]);
      });

      test('a reset in mid-body', async () => {
        const { replies } = await first(
          () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"json',
          (socket) => socket.resetAndDestroy(),
        );
        expect(replies).toMatchObject([{ outcome: 'reset' }, mended]);
        expect(replies[0].detail).toContain('127.0.0.1:');
      });

      test('a connection closed instead of an answer is a reset, and the call is not repeated', async () => {
        const server = await serve((_, socket) => socket.destroy());
        const driver = drive(server.url);
        expect(await exchange(driver, call(1))).toMatchObject({ outcome: 'reset', status: 0 });
        expect(server.received).toHaveLength(1);
      });

      test('an idle connection that the server closed is replaced', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url);
        await exchange(driver, call(1));
        const [socket] = server.sockets;
        const closed = once(socket!, 'close');
        socket!.end();
        // The server's side closes when the driver has closed its own.
        await closed;
        expect(await exchange(driver, call(2))).toMatchObject(mended);
        expect(server.received).toHaveLength(2);
      });

      test('two answers to one call', async () => {
        const server = await serve((request, socket) => {
          const answer = json(resultFor(request));
          socket.write(request.index === 0 ? answer + answer : answer);
        });
        const driver = drive(server.url);
        expect(await exchange(driver, call(1))).toMatchObject(mended);
        expect(await exchange(driver, call(2))).toMatchObject(mended);
        expect(await exchange(driver, call(3))).toMatchObject(mended);
        expect(server.sockets, 'a connection out of step is replaced').toHaveLength(2);
      });

      test('an answer to nobody', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url);
        await exchange(driver, call(1));
        const closed = once(server.sockets[0]!, 'close');
        server.sockets[0]!.write(json('{"jsonrpc":"2.0","id":2,"result":{}}'));
        await closed;
        expect(await exchange(driver, call(2))).toMatchObject(mended);
        expect(server.sockets).toHaveLength(2);
      });

      test('a body of 100 MB', async () => {
        const part = Buffer.alloc(1024 * 1024, 'x');
        const server = await serve(async (request, socket) => {
          if (request.index > 0) return answerWell(request, socket);
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${100 * part.length}\r\n\r\n`);
          for (let i = 0; i < 100; i += 1) await written(socket, part);
        });
        const driver = drive(server.url, { timeoutUs: 60e6 });
        let peak = 0;
        const watch = setInterval(() => {
          const { external, heapUsed } = process.memoryUsage();
          peak = Math.max(peak, external + heapUsed);
        }, 2);
        const start = process.memoryUsage();
        const reply = await exchange(driver, call(1));
        clearInterval(watch);
        expect(reply).toMatchObject({ outcome: 'malformed', status: 200 });
        expect(reply.detail).toContain('larger');
        expect(peak - start.external - start.heapUsed).toBeLessThan(72 * 1024 * 1024);
        expect(await exchange(driver, call(2))).toMatchObject(mended);
      });
    });

    describe('time', () => {
      test('no answer', async () => {
        const server = await serve((request, socket) => {
          if (request.index > 0) answerWell(request, socket);
        });
        const driver = drive(server.url, { timeoutUs: 60_000 });
        const before = systemClock.now();
        const reply = await exchange(driver, call(1));
        expect(reply).toMatchObject({ outcome: 'timeout', status: 0 });
        expect(reply.doneUs).toBeGreaterThanOrEqual(before + 60_000);
        expect(await exchange(driver, call(2))).toMatchObject(mended);
      });

      test('an answer that never ends', async () => {
        const server = await serve((request, socket) => {
          if (request.index > 0) return answerWell(request, socket);
          socket.write(
            'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
          );
          const drip = setInterval(() => socket.write(chunk(': still here\n\n')), 5);
          socket.on('close', () => clearInterval(drip));
        });
        const driver = drive(server.url, { timeoutUs: 60_000 });
        expect(await exchange(driver, call(1))).toMatchObject({ outcome: 'timeout', status: 200 });
        expect(await exchange(driver, call(2))).toMatchObject(mended);
      });

      test('the wait for a connection counts', async () => {
        const server = await serve(() => {});
        const driver = drive(server.url, { timeoutUs: 60_000 });
        const replies = await Promise.all(range(3).map((id) => exchange(driver, call(id))));
        expect(replies.map((reply) => reply.outcome)).toEqual(['timeout', 'timeout', 'timeout']);
        expect(replies[2]!.sentUs).toBe(replies[2]!.doneUs);
        expect(server.received.length).toBeLessThan(3);
      });
    });

    describe('connections', () => {
      test('refused, each call promptly', async () => {
        const server = await serve(answerWell);
        await server.close();
        const driver = drive(server.url, { connections: 2 });
        await driver.warm();
        const replies = await Promise.all(range(10).map((id) => exchange(driver, call(id))));
        for (const reply of replies) {
          expect(reply).toMatchObject({ outcome: 'refused', status: 0 });
          expect(reply.detail).toContain(`ECONNREFUSED 127.0.0.1:${server.port}`);
          expect(reply.sentUs).toBe(reply.doneUs);
        }
      });

      test('closing aborts what is under way and what waits', async () => {
        const server = await serve(() => {});
        const driver = drive(server.url);
        const calls = range(3).map((id) => exchange(driver, call(id)));
        await server.accepted(1);
        await driver.close();
        expect((await Promise.all(calls)).map((reply) => reply.outcome)).toEqual([
          'aborted',
          'aborted',
          'aborted',
        ]);
        expect(await exchange(driver, call(9))).toMatchObject({ outcome: 'aborted' });
      });

      test('closing ends every connection', async () => {
        const server = await serve(answerWell);
        const driver = drive(server.url, { connections: 3 });
        await driver.warm();
        await exchange(driver, call(1));
        await server.accepted(3);
        const closed = server.sockets.map((socket) => once(socket, 'close'));
        await driver.close();
        await Promise.all(closed);
      });
    });

    describe('open streams', () => {
      const streaming: Answer = (request, socket) => {
        if (request.method === 'POST') return answerWell(request, socket);
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Served-By: i-1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(': hello\n\n')}`,
        );
      };
      const opened = (driver: Driver, onEnd: (detail: string | undefined) => void = () => {}) =>
        new Promise<{ status: number; servedBy: string | undefined; close(): void }>((resolve) => {
          const stream = driver.open(bare('GET'), {
            onOpen: (status, servedBy) => resolve({ status, servedBy, close: () => stream.close() }),
            onEnd,
          });
        });

      test('many streams beside the pool', async () => {
        const server = await serve(streaming);
        const driver = drive(server.url);
        const streams = await Promise.all(range(200).map(() => opened(driver)));
        expect(streams[0]).toMatchObject({ status: 200, servedBy: 'i-1' });
        expect(await exchange(driver, call(1))).toMatchObject(mended);
        expect(server.sockets).toHaveLength(201);
        const closed = once(server.sockets[0]!, 'close');
        for (const stream of streams) stream.close();
        await closed;
      });

      test('a stream outlives the time-out of calls', async () => {
        const server = await serve(streaming);
        const driver = drive(server.url, { timeoutUs: 30_000 });
        const ends: unknown[] = [];
        await opened(driver, (detail) => ends.push(detail));
        const silent = await serve(() => {});
        expect(await exchange(drive(silent.url, { timeoutUs: 90_000 }), call(1))).toMatchObject({
          outcome: 'timeout',
        });
        expect(ends).toEqual([]);
      });

      test('the server ends a stream', async () => {
        const server = await serve(streaming);
        const driver = drive(server.url);
        const detail = new Promise((resolve) => {
          void opened(driver, resolve).then(() => server.sockets[0]!.end('0\r\n\r\n'));
        });
        expect(await detail).toBeUndefined();
        const torn = new Promise((resolve) => {
          void opened(driver, resolve).then(() => server.sockets[1]!.resetAndDestroy());
        });
        expect(await torn).toContain('127.0.0.1');
      });

      test('a stream that the server does not offer', async () => {
        const server = await serve((_, socket) => {
          socket.write(json('', [], '405 Method Not Allowed'));
        });
        const events: unknown[] = [];
        await new Promise<void>((resolve) => {
          drive(server.url).open(bare('GET'), {
            onOpen: (status) => events.push(status),
            onEnd: (detail) => {
              events.push(detail);
              resolve();
            },
          });
        });
        expect(events).toEqual([405, undefined]);
      });

      test('a stream that cannot be opened', async () => {
        const server = await serve(answerWell);
        await server.close();
        const detail = await new Promise((resolve) => {
          drive(server.url).open(bare('GET'), { onOpen: () => resolve('opened'), onEnd: resolve });
        });
        expect(detail).toContain('ECONNREFUSED');
      });

      test('closing the driver closes its streams silently', async () => {
        const server = await serve(streaming);
        const driver = drive(server.url);
        const ends: unknown[] = [];
        await opened(driver, (detail) => ends.push(detail));
        const closed = once(server.sockets[0]!, 'close');
        await driver.close();
        await closed;
        expect(ends).toEqual([]);
      });
    });

    describe('TLS', () => {
      const folder = mkdtempSync(join(tmpdir(), 'paceline-tls-'));
      const caFile = join(folder, 'ca.pem');
      writeFileSync(caFile, CA);
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

      test('a certificate of an unknown authority', async () => {
        const server = await serve(answerWell, { tls: GOOD });
        const reply = await exchange(drive(server.url), call(1));
        expect(reply).toMatchObject({ outcome: 'tls-error', status: 0 });
        expect(reply.detail).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
        expect(server.received).toHaveLength(0);
      });

      test('a certificate of the given authority', async () => {
        const server = await serve(answerWell, { tls: GOOD });
        const driver = drive(server.url, { tls: { insecure: false, caFile } });
        await driver.warm();
        expect(await exchange(driver, call(1, 'ü'))).toMatchObject(mended);
        expect(await exchange(driver, call(2))).toMatchObject(mended);
        expect(server.sockets).toHaveLength(1);
        const byName = drive(server.url.replace('127.0.0.1', 'localhost'), {
          tls: { insecure: false, caFile },
        });
        expect(await exchange(byName, call(3))).toMatchObject(mended);
      });

      test('a certificate for another host', async () => {
        const server = await serve(answerWell, { tls: ELSEWHERE });
        const reply = await exchange(drive(server.url, { tls: { insecure: false, caFile } }), call(1));
        expect(reply).toMatchObject({ outcome: 'tls-error' });
        expect(reply.detail).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
      });

      test('no verification on request', async () => {
        const server = await serve(answerWell, { tls: ELSEWHERE });
        expect(await exchange(drive(server.url, { tls: { insecure: true } }), call(1))).toMatchObject(mended);
      });

      test('a server that does not speak TLS', async () => {
        const server = await serve(answerWell, {
          onConnect: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
        });
        const reply = await exchange(drive(server.url.replace('http:', 'https:')), call(1));
        expect(reply).toMatchObject({ outcome: 'tls-error' });
        // What a plain server sees of a handshake is no request; that is not the driver's fault here.
        servers.splice(servers.indexOf(server), 1);
        await server.close();
      });
    });

    it('explains only tests that exist', () => {
      expect([...skipped].filter((title) => !named.has(title))).toEqual([]);
      expect(skip.filter((entry) => entry.reason.length < 20)).toEqual([]);
    });
  });
}

/** Sends one request and holds that the reply comes once and later. */
export function exchange(driver: Driver, request: Request, keepBody?: boolean): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let sending = true;
    let replies = 0;
    driver.send(
      request,
      (reply) => {
        replies += 1;
        if (sending) reject(new Error('the reply came from within send'));
        else if (replies > 1) throw new Error('a second reply');
        else resolve(reply);
      },
      keepBody,
    );
    sending = false;
  });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const chunk = (text: string, extension = ''): string =>
  `${Buffer.byteLength(text).toString(16)}${extension}\r\n${text}\r\n`;

const chunks = (texts: readonly string[], extension = '', trailers = ''): string =>
  `${texts.map((text) => chunk(text, extension)).join('')}0\r\n${trailers}\r\n`;

const written = (socket: Socket, bytes: string | Buffer): Promise<void> =>
  new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
