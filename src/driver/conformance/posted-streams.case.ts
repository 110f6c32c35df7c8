/** @module Streams that a POST with a body opens, such as `subscriptions/listen`. */
import { once } from 'node:events';
import { describe, expect } from 'vitest';
import type { Request } from '../../protocol/request.ts';
import type { Driver, OpenStream } from '../driver.ts';
import { type AnswerSocket, answerWell, call, json } from '../raw-server.case.ts';
import { chunk, exchange, GOOD_REPLY, range, type Suite } from './suite.case.ts';

const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Served-By: i-1\r\nTransfer-Encoding: chunked\r\n\r\n';
const event = (data: string): string => chunk(`data: ${data}\n\n`);
const changed = (n: number): string =>
  `{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"n":${n}}}`;
const DONE = '{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete"}}';
const REFUSAL = '{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"Method not found"}}';

/** What asks for a stream; the body is not plain ASCII. */
const listen = (id = 7): Request => {
  const body = `{"jsonrpc":"2.0","id":${id},"method":"subscriptions/listen","params":{"uri":"file:///ü"}}`;
  return { ...call(id), body, ascii: false };
};

/** Opens a stream and records what is told of it; `over` resolves with its end. */
function heard(
  driver: Driver,
  request = listen(),
  onMessage: (text: string) => void = () => {},
): {
  readonly told: unknown[];
  readonly opened: Promise<void>;
  readonly over: Promise<string | undefined>;
  readonly stream: OpenStream;
} {
  const told: unknown[] = [];
  let begin: () => void = () => {};
  let end: (detail: string | undefined) => void = () => {};
  const opened = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const over = new Promise<string | undefined>((resolve) => {
    end = resolve;
  });
  const stream = driver.open(request, {
    onOpen: (status, servedBy) => {
      told.push([status, servedBy]);
      begin();
    },
    onMessage: (text) => {
      told.push(text);
      onMessage(text);
    },
    onEnd: (detail) => end(detail),
  });
  return { told, opened, over, stream };
}

export function postedStreams({ test, serve, drive }: Suite): void {
  describe('streams opened by POST', () => {
    test('a stream opened by POST carries its body, and hands out each message as it arrives', async () => {
      const server = await serve((_, socket) => void socket.write(HEAD + event(changed(0))));
      const answers: Record<string, string> = {
        [changed(0)]: event(changed(1)).slice(0, 9),
        [changed(1)]: chunk(': still here\n\n') + event(DONE),
        [DONE]: '0\r\n\r\n',
      };
      // The server goes on only when it has been heard, and cuts one event in two.
      const { told, over } = heard(drive(server.url), listen(), (text) => {
        const socket = server.sockets[0]!;
        socket.write(answers[text]!);
        if (text === changed(0)) setImmediate(() => socket.write(event(changed(1)).slice(9)));
      });
      expect(await over).toBeUndefined();
      expect(told).toEqual([[200, 'i-1'], changed(0), changed(1), DONE]);
      expect(server.received).toMatchObject([{ method: 'POST', path: '/mcp?x=1', body: listen().body }]);
    });

    test('the end and the loss of a stream opened by POST are told apart', async () => {
      const endings: readonly [(socket: AnswerSocket) => void, RegExp | undefined][] = [
        [(socket) => void socket.write('0\r\n\r\n'), undefined],
        [(socket) => void socket.end(), /127\.0\.0\.1/],
        [(socket) => void socket.resetAndDestroy(), /127\.0\.0\.1/],
      ];
      const server = await serve((_, socket) => void socket.write(HEAD + event(changed(0))));
      const driver = drive(server.url);
      for (const [index, [end, detail]] of endings.entries()) {
        const { over, told } = heard(driver, listen(), () => end(server.sockets[index]!));
        const said = await over;
        if (detail === undefined) expect(said).toBeUndefined();
        else expect(said).toMatch(detail);
        expect(told).toEqual([[200, 'i-1'], changed(0)]);
      }
    });

    test('a refusal hands out its status and its JSON-RPC error', async () => {
      for (const cut of [REFUSAL.length, 20]) {
        const server = await serve((_, socket) => {
          const bytes = json(REFUSAL, [], '404 Not Found');
          const at = bytes.length - cut;
          socket.write(bytes.slice(0, at));
          setImmediate(() => socket.write(bytes.slice(at)));
        });
        const { told, over } = heard(drive(server.url));
        expect(await over).toBeUndefined();
        expect(told).toEqual([[404, undefined], REFUSAL]);
      }
    });

    test('a refusal without a JSON-RPC message has a status only', async () => {
      const bodies = ['', '{"error":"invalid_token"}', 'not JSON', REFUSAL.slice(0, -1)];
      for (const body of bodies) {
        const server = await serve((_, socket) => void socket.write(json(body, [], '401 Unauthorized')));
        const { told, over } = heard(drive(server.url));
        expect(await over).toBeUndefined();
        expect(told).toEqual([[401, undefined]]);
      }
    });

    test('a thousand streams opened by POST are open at once, and end with the driver', async () => {
      const server = await serve((request, socket) => {
        if (request.body.includes('tools/call')) answerWell(request, socket);
        else socket.write(HEAD + event(changed((JSON.parse(request.body) as { id: number }).id)));
      });
      const driver = drive(server.url);
      const told = await Promise.all(
        range(1000).map(
          (id) =>
            new Promise<string>((resolve) => {
              heard(driver, listen(id), resolve);
            }),
        ),
      );
      expect(told).toEqual(range(1000).map(changed));
      expect(await exchange(driver, call(1))).toMatchObject(GOOD_REPLY);
      const closed = server.sockets.map((socket) => once(socket, 'close'));
      await driver.close();
      await Promise.all(closed);
      expect(closed).toHaveLength(1001);
    });
  });
}
