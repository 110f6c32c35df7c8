/** @module Answers in a content encoding, although nobody asked for one, or because a header of the user did. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { type Answer, bare, call, resultFor } from '../raw-server.case.ts';
import { exchange, GOOD_REPLY, type Suite, writeInTurn } from './suite.case.ts';

const ENCODINGS: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['gzip', gzipSync],
  ['X-GZip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', (text) => Buffer.from(text)],
  ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
];

/** Answers with `body` as it is, said to be in `encoding`. */
const encoded =
  (encoding: string, body: Buffer, type = 'application/json', status = '200 OK'): Answer =>
  (_, socket) => {
    const lines = [
      `Content-Type: ${type}`,
      `Content-Encoding: ${encoding}`,
      `Content-Length: ${body.length}`,
    ];
    socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n`), body]));
  };

export function encodings({ test, serve, drive }: Suite): void {
  describe('content encodings', () => {
    test('gzip, deflate and br are decoded', async () => {
      for (const [encoding, encode] of ENCODINGS) {
        const server = await serve((request, socket) => {
          encoded(encoding, encode(resultFor(request)))(request, socket);
        });
        const reply = await exchange(drive(server.url), call(1), true);
        expect(reply, encoding).toMatchObject(GOOD_REPLY);
        expect(reply.body, encoding).toBe(resultFor(server.received[0]!));
      }
    });

    test('an encoded event stream ends the call when its answer arrives', async () => {
      for (const [encoding, encode] of ENCODINGS) {
        const server = await serve((request, socket) => {
          const events = `data: {"jsonrpc":"2.0","method":"notifications/x"}\n\ndata: ${resultFor(request)}\n\n`;
          const body = encode(events);
          const head = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: ${encoding}\r\n\r\n`;
          // The stream stays open.
          socket.write(Buffer.concat([Buffer.from(head), body]));
        });
        const messages: string[] = [];
        const reply = await exchange(drive(server.url), call(1), true, (text) => void messages.push(text));
        expect(reply, encoding).toMatchObject(GOOD_REPLY);
        expect(reply.body, encoding).toBe(resultFor(server.received[0]!));
        expect(messages, encoding).toEqual(['{"jsonrpc":"2.0","method":"notifications/x"}']);
      }
    });

    test('the messages of an encoded open stream are read', async () => {
      const message = '{"jsonrpc":"2.0","id":"p1","method":"ping"}';
      for (const [encoding, encode] of ENCODINGS) {
        const server = await serve((_, socket) => {
          const head = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: ${encoding}\r\n\r\n`;
          const bytes = encode(`id: 4\ndata: ${message}\n\ndata: ${message}\n\n`);
          const parts = Array.from(bytes, (byte) => Buffer.from([byte]));
          void writeInTurn(socket, [head, ...parts]).then(() => socket.end());
        });
        const heard: unknown[] = [];
        await new Promise<void>((resolve) => {
          drive(server.url).open(bare('GET'), {
            onOpen: (status) => heard.push(status),
            onMessage: (text) => heard.push(text),
            onEnd: (_, resume) => {
              heard.push(resume);
              resolve();
            },
          });
        });
        expect(heard, encoding).toEqual([200, message, message, { lastEventId: '4' }]);
      }
    });

    test('an encoding that cannot be decoded is named, and its bytes are not shown', async () => {
      const noise = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x1b, 0x5b, 0x33, 0x6d]);
      const cases = [
        [encoded('zstd', noise), 'malformed', '200 OK: content encoding "zstd" is not supported'],
        [encoded('gzip', noise), 'malformed', '200 OK: content encoding "gzip": the body cannot be decoded'],
        [encoded('br', noise, 'text/event-stream'), 'malformed', '200 OK: content encoding "br"'],
        [encoded('zstd', noise, 'text/html', '502 Bad Gateway'), 'http-error', '502 Bad Gateway'],
      ] as const;
      for (const [answer, outcome, detail] of cases) {
        const server = await serve(answer);
        const reply = await exchange(drive(server.url), call(1));
        expect(reply.outcome).toBe(outcome);
        expect(reply.detail).toContain(detail);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal.
        expect(reply.detail).not.toMatch(/[\u0000-\u001f\ufffd]/);
      }
    });

    test('a body that decodes to more than the limit is not kept', async () => {
      const server = await serve(encoded('gzip', gzipSync(Buffer.alloc(20 * 1024 * 1024, 'x'))));
      const reply = await exchange(drive(server.url), call(1));
      expect(reply.outcome).toBe('malformed');
      expect(reply.detail).toContain('exceeds the limit');
    });
  });
}
