/** @module Servers that answer wrongly, halfway, late or not at all. */
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { type Answer, answerWell, call, json, resultFor } from '../raw-server.case.ts';
import { chunk, exchange, GOOD_REPLY, range, type Suite, stillClock } from './suite.case.ts';

/** Ways to treat a request, most of them wrong. */
const MISCHIEF: readonly Answer[] = [
  answerWell,
  answerWell,
  (request, socket) => socket.write(json(resultFor(request, 999))),
  (request, socket) => socket.end(json(resultFor(request))),
  (request, socket) => socket.write(json(resultFor(request)).repeat(2)),
  (request, socket) => socket.write(json(resultFor(request)).slice(0, 30), () => socket.resetAndDestroy()),
  (request, socket) => socket.end(json(resultFor(request)).slice(0, -1)),
  (_, socket) => socket.destroy(),
  (_, socket) => socket.write('nonsense\r\n\r\n'),
  () => {},
];

export function faults({ test, serve, flood, drive, first }: Suite): void {
  describe('faults of the server', () => {
    test("another call's id", async () => {
      const { replies, server } = await first((request) => json(resultFor(request, 99)));
      expect(replies).toMatchObject([{ outcome: 'malformed', status: 200 }, GOOD_REPLY]);
      expect(server.sockets, 'framing is intact: the connection stays').toHaveLength(1);
    });

    test('garbage', async () => {
      const { replies } = await first(() => 'SSH-2.0-OpenSSH_9.2\r\n\r\n');
      expect(replies).toMatchObject([{ outcome: 'malformed', status: 0, cause: 'not-http' }, GOOD_REPLY]);
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
          // One that begins like an alert of TLS is told as one.
          const told = drawn[0] === 0x15 ? 'tls-error' : 'malformed';
          expect([told, 'malformed', 'reset', 'http-error']).toContain(outcome);
          expect(detail).not.toBe('');
        }),
        { numRuns: 60 },
      );
    });

    test('any mixture of faults: each call has one reply, and is executed once at most', async () => {
      const plan = fc.array(fc.constantFrom(...MISCHIEF), { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(plan, fc.integer({ min: 1, max: 5 }), async (mischief, connections) => {
          const server = await serve((request, socket) => {
            mischief[request.index % mischief.length]!(request, socket);
          });
          const driver = drive(server.url, { connections, timeoutUs: 100_000 });
          const ids = range(30);
          const replies = await Promise.all(ids.map((id) => exchange(driver, call(id))));
          const executed = server.received.map(({ body }) => JSON.parse(body).id as number);
          expect(new Set(executed).size).toBe(executed.length);
          for (const id of ids) {
            if (replies[id]!.outcome === 'ok') expect(executed).toContain(id);
            if (!executed.includes(id))
              expect(['timeout', 'reset', 'malformed']).toContain(replies[id]!.outcome);
          }
          await driver.close();
        }),
        { numRuns: 15 },
      );
    });

    test('contradicting lengths', async () => {
      const { replies } = await first(
        () => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{"a":1}',
      );
      expect(replies).toMatchObject([{ outcome: 'malformed' }, GOOD_REPLY]);
    });

    test('a head without end', async () => {
      const { replies } = await first(() => `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(80 * 1024)}`);
      expect(replies).toMatchObject([{ outcome: 'malformed' }, GOOD_REPLY]);
    });

    test('half an answer', async () => {
      const { replies } = await first(
        (request) => json(resultFor(request)).slice(0, -5),
        (socket) => socket.end(),
      );
      expect(replies).toMatchObject([{ outcome: 'reset' }, GOOD_REPLY]);
    });

    test('half of a chunked answer', async () => {
      const { replies } = await first(
        () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n',
        (socket) => socket.end(),
      );
      expect(replies).toMatchObject([{ outcome: 'reset' }, GOOD_REPLY]);
    });

    test('half a head', async () => {
      const { replies } = await first(
        () => 'HTTP/1.1 200 OK\r\nContent-Le',
        (socket) => socket.end(),
      );
      expect(replies).toMatchObject([{ outcome: 'reset' }, GOOD_REPLY]);
    });

    test('a reset during the body', async () => {
      const { replies } = await first(
        () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"json',
        (socket) => socket.resetAndDestroy(),
      );
      expect(replies).toMatchObject([{ outcome: 'reset' }, GOOD_REPLY]);
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
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
      expect(server.received).toHaveLength(2);
    });

    test('two answers to one call', async () => {
      const server = await serve((request, socket) => {
        const answer = json(resultFor(request));
        socket.write(request.index === 0 ? answer + answer : answer);
      });
      const driver = drive(server.url);
      expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
      expect(await exchange(driver, call(3))).toMatchObject(GOOD_REPLY);
      expect(server.sockets, 'a connection out of step is replaced').toHaveLength(2);
    });

    test('an answer without a request', async () => {
      const server = await serve(answerWell);
      const driver = drive(server.url);
      await exchange(driver, call(1));
      const closed = once(server.sockets[0]!, 'close');
      server.sockets[0]!.write(json('{"jsonrpc":"2.0","id":2,"result":{}}'));
      await closed;
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
      expect(server.sockets).toHaveLength(2);
    });

    test('a body of 100 MB', async () => {
      const driver = drive(await flood(100), { timeoutUs: 60e6 });
      await driver.warm();
      let peak = 0;
      const watch = setInterval(() => {
        const { external, heapUsed } = process.memoryUsage();
        peak = Math.max(peak, external + heapUsed);
      }, 2);
      const start = process.memoryUsage();
      const reply = await exchange(driver, call(1));
      clearInterval(watch);
      expect(reply).toMatchObject({ outcome: 'malformed', status: 200 });
      expect(reply.detail).toContain('exceeds the limit');
      expect(peak - start.external - start.heapUsed).toBeLessThan(64 * 1024 * 1024);
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
    });
  });

  describe('time', () => {
    test('no answer', async () => {
      const server = await serve((request, socket) => {
        if (request.index > 0) answerWell(request, socket);
      });
      const driver = drive(server.url, { timeoutUs: 250_000 });
      const before = systemClock.now();
      const reply = await exchange(driver, call(1));
      expect(reply).toMatchObject({ outcome: 'timeout', status: 0 });
      expect(reply.doneUs).toBeGreaterThanOrEqual(before + 250_000);
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
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
      const driver = drive(server.url, { timeoutUs: 250_000 });
      expect(await exchange(driver, call(1))).toMatchObject({ outcome: 'timeout', status: 200 });
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
    });

    test('the wait for a connection counts', async () => {
      const server = await serve(() => {});
      const { clock, go } = stillClock();
      const driver = drive(server.url, { timeoutUs: 250_000, clock });
      const calls = range(3).map((id) => exchange(driver, call(id)));
      go();
      const replies = await Promise.all(calls);
      expect(replies.map((reply) => reply.outcome)).toEqual(['timeout', 'timeout', 'timeout']);
      expect(replies[2]!.sentUs).toBe(replies[2]!.doneUs);
      expect(server.received.length).toBeLessThan(3);
    });
  });
}
