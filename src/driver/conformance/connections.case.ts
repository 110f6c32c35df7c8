/** @module Connections that are refused and closed, and streams that stay open. */
import { once } from 'node:events';
import { describe, expect } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import type { Driver } from '../driver.ts';
import { type Answer, answerWell, bare, call, json } from '../raw-server.case.ts';
import { chunk, exchange, GOOD_REPLY, range, type Suite, stillClock } from './suite.case.ts';

export function connections({ test, serve, drive }: Suite): void {
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

    test('a connection is replaced after as many calls as it may carry', async () => {
      const server = await serve(answerWell);
      const driver = drive(server.url, { perConnection: 3 });
      for (const id of range(7)) expect(await exchange(driver, call(id))).toMatchObject(GOOD_REPLY);
      expect(server.received.map(({ connection }) => connection)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    });

    test('a request that finds every connection busy opens another one, up to the limit', async () => {
      const held: (() => void)[] = [];
      let holding = true;
      const server = await serve((request, socket) => {
        if (!holding) return answerWell(request, socket);
        held.push(() => answerWell(request, socket));
        if (held.length < 3) return;
        holding = false;
        for (const answer of held) answer();
      });
      const driver = drive(server.url, { connections: 1, maxConnections: 3 });
      await driver.warm();
      const fromUs = systemClock.now();
      const replies = await Promise.all(range(5).map((id) => exchange(driver, call(id))));
      expect(replies.map(({ outcome }) => outcome)).toEqual(range(5).map(() => 'ok'));
      expect(server.sockets.length).toBeLessThanOrEqual(5);
      expect(new Set(server.received.slice(0, 3).map(({ connection }) => connection)).size).toBe(3);
      expect(driver.mostConnections()).toBe(3);
      // The last two waited until one of the first three was answered.
      const answeredUs = Math.min(...replies.slice(0, 3).map(({ doneUs }) => doneUs));
      for (const { sentUs, connectionWaitUs = 0 } of replies.slice(3)) {
        expect(sentUs).toBeGreaterThanOrEqual(answeredUs);
        expect(sentUs - connectionWaitUs).toBeGreaterThanOrEqual(fromUs);
        expect(sentUs - connectionWaitUs).toBeLessThan(answeredUs);
      }
    });

    test('a request that finds a connection free opens no other', async () => {
      const server = await serve(answerWell);
      const driver = drive(server.url, { connections: 2, maxConnections: 9 });
      await driver.warm();
      for (const id of range(4)) await exchange(driver, call(id));
      expect(server.sockets).toHaveLength(2);
    });

    test('a call that times out while every connection is busy has waited the whole time', async () => {
      const server = await serve(() => {});
      const { clock, go } = stillClock();
      const driver = drive(server.url, { timeoutUs: 60_000, clock });
      const calls = range(2).map((id) => exchange(driver, call(id)));
      go();
      const replies = await Promise.all(calls);
      expect(replies[1]).toMatchObject({ outcome: 'timeout', detail: 'no connection within 60 ms' });
      expect(replies[1]!.sentUs).toBe(replies[1]!.doneUs);
      expect(replies[1]!.connectionWaitUs).toBeGreaterThanOrEqual(60_000);
    });

    test('a call that waited most of its time for a connection says so when it times out', async () => {
      let nowUs = systemClock.now();
      let received = 0;
      const server = await serve((request, socket) => {
        received += 1;
        // The first answer frees the connection late; the second call, sent over it, gets none.
        nowUs += received === 1 ? 50_000 : 20_000;
        if (received === 1) answerWell(request, socket);
      });
      const driver = drive(server.url, { timeoutUs: 60_000, clock: { ...systemClock, now: () => nowUs } });
      const replies = await Promise.all(range(2).map((id) => exchange(driver, call(id))));
      expect(replies[1]).toMatchObject({
        outcome: 'timeout',
        detail: 'no answer within 60 ms, most of which was the wait for a connection',
      });
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
      expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
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
      driver.open(bare('GET'), { onOpen: () => ends.push('opened'), onEnd: (detail) => ends.push(detail) });
      await driver.close();
      expect(ends).toEqual([]);
      expect(server.sockets).toHaveLength(1);
    });
  });
}
