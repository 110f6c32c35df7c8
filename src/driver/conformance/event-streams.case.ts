/** @module Answers in event streams: when they end the call, what else the stream says, and where it broke off. */
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { pieces } from '../../http/responses.case.ts';
import type { Reply } from '../driver.ts';
import { type AnswerSocket, bare, call, notification, type Received, resultFor } from '../raw-server.case.ts';
import { chunk, chunks, exchange, GOOD_REPLY, range, type Suite, writeInTurn } from './suite.case.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}';
const PING = '{"jsonrpc":"2.0","id":"p1","method":"ping"}';

const event = (data: string, fields = ''): string => `event: message\n${fields}data: ${data}\n\n`;
const answerTo = (request: Received): string => event(resultFor(request));

/** What an exchange told its caller, without times. */
interface Told {
  readonly outcome: Reply['outcome'];
  readonly detail: string | undefined;
  readonly body: string | undefined;
  readonly resume: Reply['resume'];
  readonly messages: readonly string[];
}

export function eventStreams(suite: Suite): void {
  const { test, serve, drive, first } = suite;
  const talk = async (driver: ReturnType<Suite['drive']>, id: number): Promise<Told> => {
    const messages: string[] = [];
    const { outcome, detail, body, resume } = await exchange(driver, call(id), true, (text) => {
      messages.push(text);
    });
    return { outcome, detail, body, resume, messages };
  };

  describe('the end of a call', () => {
    test('a call ends when its answer arrives, although the stream stays open', async () => {
      const server = await serve((request, socket) => {
        socket.write(HEAD + chunk(answerTo(request)));
      });
      const driver = drive(server.url);
      for (const id of range(3)) expect(await exchange(driver, call(id))).toMatchObject(GOOD_REPLY);
      expect(server.sockets, 'a connection whose body goes on takes no other call').toHaveLength(3);
    });

    test('a notification is accepted with the status, although a stream is opened in answer', async () => {
      const server = await serve((_, socket) => {
        socket.write(HEAD);
      });
      const driver = drive(server.url);
      for (let i = 0; i < 2; i += 1) {
        expect(await exchange(driver, notification())).toMatchObject({ outcome: 'ok', status: 200 });
      }
    });

    test('the connection of a stream that stays open is closed', async () => {
      const server = await serve((request, socket) => {
        socket.write(HEAD + chunk(answerTo(request)));
      });
      const driver = drive(server.url);
      const answered = exchange(driver, call(1));
      await server.accepted(1);
      await Promise.all([answered, once(server.sockets[0]!, 'close')]);
    });

    test('a stream that ends soon after the answer leaves its connection for other calls', async () => {
      const server = await serve((request, socket) => {
        void writeInTurn(socket, [HEAD + chunk(answerTo(request)), chunks([])]);
      });
      const driver = drive(server.url);
      for (const id of range(30)) expect(await exchange(driver, call(id))).toMatchObject(GOOD_REPLY);
      // On a machine that is busy the end may come too late for some of the calls, hardly for all.
      expect(server.sockets.length).toBeLessThan(30);
    });

    test('a stream that breaks after the answer does not fail the call', async () => {
      const breaks: readonly ((socket: AnswerSocket) => void)[] = [
        (socket) => socket.resetAndDestroy(),
        (socket) => void socket.write('no chunk'),
        (socket) => socket.end(),
      ];
      for (const broken of breaks) {
        const { replies } = await first(
          (request) => HEAD + chunk(answerTo(request)),
          (socket) => broken(socket),
        );
        expect(replies).toMatchObject([GOOD_REPLY, GOOD_REPLY]);
      }
    });

    test('a driver that closes hands out the answer that is there', async () => {
      const server = await serve((request, socket) => {
        socket.write(HEAD + chunk(event(PING)) + chunk(answerTo(request)));
      });
      const driver = drive(server.url);
      const reply = exchange(driver, call(1), false, () => void Promise.resolve().then(() => driver.close()));
      expect(await reply).toMatchObject(GOOD_REPLY);
    });

    test('a receiver of messages may close the driver', async () => {
      const server = await serve((request, socket) => {
        socket.write(HEAD + chunk(event(PING) + answerTo(request)));
      });
      const driver = drive(server.url);
      const reply = exchange(driver, call(1), false, () => void driver.close());
      expect(await reply).toMatchObject({ outcome: 'aborted' });
    });

    test('an event without its empty line is no answer', async () => {
      const open = await serve((request, socket) => {
        socket.write(HEAD + chunk(`data: ${resultFor(request)}\n`));
      });
      const late = await exchange(drive(open.url, { timeoutUs: 250_000 }), call(1));
      expect(late).toMatchObject({ outcome: 'timeout', status: 200 });
      expect(late.detail).toContain('no empty line follows');
      const { replies } = await first((request) => HEAD + chunks([`data: ${resultFor(request)}\n`]));
      expect(replies).toMatchObject([{ outcome: 'malformed' }, GOOD_REPLY]);
      expect(replies[0].detail).toContain('no empty line follows');
    });
  });

  describe('what else an event stream says', () => {
    test('messages are delivered as they arrive', async () => {
      const server = await serve((_, socket) => {
        socket.write(HEAD + chunk(event(PROGRESS) + event(PING)));
      });
      const messages: string[] = [];
      const reply = exchange(drive(server.url), call(1), false, (text) => {
        messages.push(text);
        // The server goes on only when it has been heard.
        if (text === PING) server.sockets[0]!.write(chunk(answerTo(server.received[0]!)) + chunks([]));
      });
      expect(await reply).toMatchObject(GOOD_REPLY);
      expect(messages).toEqual([PROGRESS, PING]);
    });

    test('a stream tells the same however it is cut, and whether it ends or not', async () => {
      const line = fc.constantFrom('\n', '\r\n', '\r');
      const part = fc.constantFrom(
        ...[': comment', 'id: 7', 'id: ü', 'retry: 20', 'data', `data: ${PROGRESS}`, `data: ${PING}`],
        ...['data: {"jsonrpc":"2.0","id":99,"result":{}}', 'data: no JSON', 'event: x', '', ''],
      );
      const stream = fc.tuple(fc.array(part, { maxLength: 8 }), line, fc.boolean(), fc.boolean());
      let answer = (_: Received): readonly Buffer[] => [];
      const server = await serve((request, socket) => void writeInTurn(socket, answer(request)));
      const driver = drive(server.url);
      const tellIn = (
        text: (request: Received) => string,
        cut: (bytes: Buffer) => Buffer[],
      ): Promise<Told> => {
        answer = (request) => {
          const bytes = Buffer.from(text(request));
          // Of a status text in several pieces, undici keeps the last one (client-h1, onStatus).
          const statusLine = bytes.indexOf('\n') + 1;
          return [bytes.subarray(0, statusLine), ...cut(bytes.subarray(statusLine))];
        };
        return talk(driver, 1);
      };
      const whole = (bytes: Buffer): Buffer[] => [bytes];
      await fc.assert(
        fc.asyncProperty(stream, pieces, async ([parts, end, answered, split], cut) => {
          const events = (request: Received): string => {
            const result = resultFor(request);
            const data = split ? `${result.slice(0, 17)}${end}data: ${result.slice(17)}` : result;
            const last = answered ? `${end}${end}data: ${data}${end}${end}` : '';
            return parts.join(end) + last;
          };
          const ended = (request: Received): string => HEAD + chunks([events(request)].filter(Boolean));
          const told = await tellIn(ended, whole);
          expect(told.outcome === 'ok').toBe(answered);
          expect(await tellIn(ended, cut)).toEqual(told);
          if (answered) expect(await tellIn((request) => HEAD + chunk(events(request)), cut)).toEqual(told);
        }),
        { numRuns: 40 },
      );
    });

    test('a stream that ends before the answer says where to continue', async () => {
      const { replies } = await first(() => HEAD + chunks(['id: e1\nretry: 20\ndata: \n\nid: e2\n']));
      expect(replies).toMatchObject([{ outcome: 'malformed' }, GOOD_REPLY]);
      expect(replies[0].resume).toEqual({ lastEventId: 'e1', retryMs: 20 });
      const torn = await first(
        () => HEAD + chunk(event(PROGRESS, 'id: e3\n')),
        (socket) => socket.end(),
      );
      expect(torn.replies[0]).toMatchObject({ outcome: 'reset', resume: { lastEventId: 'e3' } });
      const answered = await first((request) => HEAD + chunks([event(resultFor(request), 'id: e4\n')]));
      expect(answered.replies[0]).not.toHaveProperty('resume');
    });
  });

  describe('messages on open streams', () => {
    test('an open stream hands out messages, and says where to continue', async () => {
      const bytes =
        HEAD +
        chunk(`: hello\n\n${event(PING, 'id: 5\nretry: 30\n')}`) +
        chunk(event('no message')) +
        chunks([event(PROGRESS)]);
      const server = await serve((_, socket) => void writeInTurn(socket, bytes));
      const heard: unknown[] = [];
      await new Promise<void>((resolve) => {
        drive(server.url).open(bare('GET'), {
          onOpen: (status) => heard.push(status),
          onMessage: (text) => heard.push(text),
          onEnd: (detail, resume) => {
            heard.push(detail, resume);
            resolve();
          },
        });
      });
      expect(heard).toEqual([200, PING, PROGRESS, undefined, { lastEventId: '5', retryMs: 30 }]);
    });
  });
}
