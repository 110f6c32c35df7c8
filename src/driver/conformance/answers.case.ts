/** @module Answers as they should be, and requests as they must be. */
import { describe, expect } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { answerWell, bare, call, json, notification, resultFor } from '../raw-server.case.ts';
import { chunks, exchange, GOOD_REPLY, range, type Suite, writeInTurn } from './suite.case.ts';

export function answers({ test, serve, drive, first }: Suite): void {
  describe('answers', () => {
    test('a JSON answer', async () => {
      const server = await serve((request, socket) => {
        socket.write(
          json(resultFor(request), ['X-Served-By: i-3', 'Mcp-Session-Id: s1', 'Server-Timing: tool;dur=1.5']),
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

    test('times of the server in the header that is asked for', async () => {
      const lines = ['Server-Timing: tool;dur=1.5', 'X-Auth-Time: 0.25', 'x-auth-time: 3'];
      const server = await serve((request, socket) => {
        socket.write(json(resultFor(request), lines));
      });
      const reply = await exchange(drive(server.url, { timingHeader: 'x-auth-time' }), call(7));
      expect(reply.serverTiming).toBe('0.25, 3');
    });

    test('an event stream', async () => {
      const { replies, server } = await first(
        (request) =>
          `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n${chunks([
            'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n',
            `event: message\ndata: ${resultFor(request)}\n\n`,
          ])}`,
      );
      expect(replies).toMatchObject([GOOD_REPLY, GOOD_REPLY]);
      expect(server.sockets).toHaveLength(1);
      const kept = await serve((request, socket) => {
        const body = `data: {"jsonrpc":"2.0","method":"notifications/message"}\n\ndata: ${resultFor(request)}\n\n`;
        socket.write(json(body).replace('application/json', 'text/event-stream'));
      });
      const reply = await exchange(drive(kept.url), call(5), true);
      expect(JSON.parse(reply.body ?? '')).toMatchObject({ id: 5, result: {} });
    });

    test('chunks, extensions and trailers, byte by byte', async () => {
      const server = await serve((request, socket) => {
        const body = resultFor(request);
        const bytes =
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n' +
          `${chunks([body.slice(0, 10), body.slice(10)], ';name="a value"', 'X-Sum: 1\r\n')}`;
        void writeInTurn(socket, bytes);
      });
      const driver = drive(server.url);
      expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
      expect(await exchange(driver, call(2))).toMatchObject(GOOD_REPLY);
      expect(server.sockets).toHaveLength(1);
    });

    test('a body that ends with the connection', async () => {
      const { replies, server } = await first(
        (request) =>
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${resultFor(request)}`,
        (socket) => socket.end(),
      );
      expect(replies).toMatchObject([GOOD_REPLY, GOOD_REPLY]);
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
        (request) => `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${json(resultFor(request))}`,
      );
      expect(replies).toMatchObject([GOOD_REPLY, GOOD_REPLY]);
      expect(server.sockets).toHaveLength(1);
    });

    test('100 before the answer', async () => {
      const { replies } = await first(
        (request) => `HTTP/1.1 100 Continue\r\n\r\n${json(resultFor(request))}`,
      );
      expect(replies).toMatchObject([GOOD_REPLY, GOOD_REPLY]);
    });

    test('an HTTP error', async () => {
      const { replies, server } = await first(() => json('busy', [], '503 Service Unavailable'));
      expect(replies).toMatchObject([{ outcome: 'http-error', status: 503 }, GOOD_REPLY]);
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
}
