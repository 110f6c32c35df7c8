/** @module Answers of gateways, CGI and embedded servers: unusual, and read as Node's parser reads them or refused in words. */
import { describe, expect } from 'vitest';
import { call, resultFor } from '../raw-server.case.ts';
import { chunk, exchange, GOOD_REPLY, type Suite } from './suite.case.ts';

/** Makes the bytes of an answer from its body. */
type Shape = (body: string) => string;

const TYPE = 'Content-Type: application/json\r\n';
const lengthOf = (body: string): string => `Content-Length: ${body.length}\r\n`;
const inChunk = (body: string): string => `${chunk(body)}0\r\n\r\n`;
const answer = (fields: string, body: string, line = 'HTTP/1.1 200 OK'): string =>
  `${line}\r\n${fields}\r\n${body}`;

/** What all drivers read. */
const READ: Readonly<Record<string, Shape>> = {
  'Latin-1 in a value': (body) => answer(`X-Title: Caf\xe9\r\n${TYPE}${lengthOf(body)}`, body),
  'no reason phrase': (body) => answer(TYPE + lengthOf(body), body, 'HTTP/1.1 200'),
  'no space after a colon': (body) =>
    answer(`Content-Type:application/json\r\nContent-Length:${body.length}\r\n`, body),
  'chunks stated twice': (body) =>
    answer(`${TYPE}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n`, inChunk(body)),
  'Chunked with a capital': (body) => answer(`${TYPE}Transfer-Encoding: Chunked\r\n`, inChunk(body)),
  'a chunk extension and a trailer': (body) =>
    answer(`${TYPE}Transfer-Encoding: chunked\r\n`, `${chunk(body, ';a=b')}0\r\nX-Sum: 1\r\n\r\n`),
  'a byte order mark': (body) =>
    answer(
      `Content-Type: application/json; charset=utf-8\r\n${lengthOf(`bom${body}`)}`,
      `\xef\xbb\xbf${body}`,
    ),
  '201 Created': (body) => answer(TYPE + lengthOf(body), body, 'HTTP/1.1 201 Created'),
  'a head of 20 kB': (body) => answer(`${TYPE}X-Trace: ${'x'.repeat(20_000)}\r\n${lengthOf(body)}`, body),
  'a body without a length': (body) => answer(TYPE, body),
  'HTTP/1.0': (body) => answer(TYPE, body, 'HTTP/1.0 200 OK'),
};

/** What HTTP/1.1 forbids and Node's parser refuses, with words of the detail. */
const REFUSED: Readonly<Record<string, readonly [Shape, RegExp]>> = {
  'a folded header line': [
    (body) => answer(`X-Policy: one;\r\n two\r\n${TYPE}${lengthOf(body)}`, body),
    /continues the one before it|whitespace after header value/,
  ],
  'two equal lengths': [(body) => answer(TYPE + lengthOf(body) + lengthOf(body), body), /Content-Length/],
  'a list of lengths': [
    (body) => answer(`${TYPE}Content-Length: ${body.length}, ${body.length}\r\n`, body),
    /Content-Length|empty body/,
  ],
  'a length and chunks': [
    (body) => answer(`${TYPE}${lengthOf(body)}Transfer-Encoding: chunked\r\n`, inChunk(body)),
    /Content-Length/,
  ],
  'the transfer encoding identity': [
    (body) => answer(`${TYPE}Transfer-Encoding: identity\r\n${lengthOf(body)}`, body),
    /Transfer-Encoding/,
  ],
  'line ends without CR': [
    (body) => answer(TYPE + lengthOf(body), body).replaceAll('\r\n', '\n'),
    /not in CR LF|expected CR/,
  ],
};

/** What is HTTP, but no answer. */
const NO_ANSWER: Readonly<Record<string, readonly [Shape, RegExp]>> = {
  'no content type': [
    (body) => answer(lengthOf(body), body),
    /content type none is neither JSON nor event stream/,
  ],
  'another content type': [
    (body) => answer(`Content-Type: application/json-rpc\r\n${lengthOf(body)}`, body),
    /application\/json-rpc is neither JSON nor event stream/,
  ],
  'a batch': [(body) => answer(TYPE + lengthOf(`[${body}]`), `[${body}]`), /batch/],
};

export function quirks({ test, serve, drive }: Suite): void {
  const exchangeIn = async (shape: Shape): Promise<Awaited<ReturnType<typeof exchange>>> => {
    const server = await serve((request, socket) => {
      socket.end(Buffer.from(shape(resultFor(request)), 'latin1'));
    });
    return exchange(drive(server.url), call(1));
  };

  describe('unusual answers', () => {
    for (const [what, shape] of Object.entries(READ)) {
      test(`${what} is read`, async () => {
        expect(await exchangeIn(shape)).toMatchObject({ ...GOOD_REPLY, status: expect.any(Number) });
      });
    }

    for (const [what, [shape, words]] of Object.entries(REFUSED)) {
      test(`${what} is refused in words`, async () => {
        const { outcome, detail } = await exchangeIn(shape);
        expect(outcome).toBe('malformed');
        expect(detail).toMatch(words);
      });
    }

    for (const [what, [shape, words]] of Object.entries(NO_ANSWER)) {
      test(`${what} is refused in words`, async () => {
        const reply = await exchangeIn(shape);
        expect(reply.outcome).toBe('malformed');
        expect(reply.detail).toMatch(words);
        expect(reply).not.toHaveProperty('cause');
      });
    }
  });
}
