/** @module One suite for everything that reads HTTP/1.1: the same bytes are accepted and refused by all, at any split. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type OracleMessage,
  type OracleVerdict,
  oracleRequests,
  oracleResponses,
  type RequestRules,
  type ResponseRules,
} from './oracle.case.ts';
import { requests } from './requests.case.ts';
import { pieces, scripted } from './responses.case.ts';

/** What a reader made of a stream. */
export interface ReadStream {
  /** Complete messages: `POST /mcp` (without the query) or the status, and the body. */
  readonly messages: readonly { readonly start: string; readonly body: string }[];
  /** Why it refused to read on: the status that it answers, or a fault; undefined while it does not. */
  readonly refused: number | string | undefined;
}

/** A reader under test. Reads one connection, whose bytes come in `parts`; stops after a message that ends it. */
interface Reader {
  readonly name: string;
  read(parts: readonly Buffer[]): ReadStream;
  /** What it reports as the body of `message`. */
  body(message: OracleMessage): string;
}

/** A reader of requests, with what it asks for beyond the shared rules. */
export interface RequestReader extends Reader {
  readonly rules: RequestRules;
}

/** A reader of answers, with what it takes beyond the shared rules. */
interface ResponseReader extends Reader {
  readonly rules: ResponseRules;
}

/** Streams: few kinds of messages, each of them often, as clients and servers send them; the last may end the connection. */
function streams(
  kind: fc.Arbitrary<Buffer>,
  last: fc.Arbitrary<readonly Buffer[]>,
): fc.Arbitrary<readonly Buffer[]> {
  return fc
    .tuple(
      fc.array(kind, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }),
      last,
    )
    .map(([kinds, order, end]) => [...order.map((index) => kinds[index % kinds.length]!), ...end]);
}

/** Streams of valid requests, by message. */
export const requestStreams: fc.Arbitrary<readonly Buffer[]> = streams(
  requests(false),
  fc.array(requests(true), { maxLength: 1 }),
);

const responses = (closes: boolean): fc.Arbitrary<Buffer> =>
  scripted()
    .filter((response) => response.closes === closes)
    .map((response) => response.bytes);

/** Streams of valid responses, by message. */
export const responseStreams: fc.Arbitrary<readonly Buffer[]> = streams(
  responses(false),
  fc.array(responses(true), { maxLength: 1 }),
);

const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 9, 10, 13, 32, 44, 48, 49, 58, 59));
const hits = fc.array(fc.tuple(fc.nat(), byte, fc.constantFrom('change', 'remove', 'double', 'insert')), {
  minLength: 1,
  maxLength: 3,
});

/** `streams` with some bytes changed, and perhaps cut short. */
export const damaged = (valid: fc.Arbitrary<readonly Buffer[]>): fc.Arbitrary<Buffer> =>
  fc.tuple(valid, hits, fc.oneof(fc.constant(0), fc.nat(40))).map(([messages, all, short]) => {
    const bytes = all.reduce<Buffer>(hit, Buffer.concat(messages));
    return bytes.subarray(0, Math.max(0, bytes.length - short));
  });

function hit(bytes: Buffer, [where, value, how]: [number, number, string]): Buffer {
  const at = where % Math.max(1, bytes.length);
  const own = bytes[at] ?? 0;
  const instead = { change: [value], remove: [], double: [own, own], insert: [value, own] }[how]!;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(instead), bytes.subarray(at + 1)]);
}

function expectVerdict(reader: Reader, parts: readonly Buffer[], { messages, end }: OracleVerdict): void {
  const read = reader.read(parts);
  expect(read.messages).toEqual(
    messages.map((message) => ({ start: message.start, body: reader.body(message) })),
  );
  if (end === 'refused') expect(read.refused).toBeDefined();
  else if (end !== 'open-head') expect(read.refused).toBeUndefined();
}

function describeStreams(
  reader: Reader,
  valid: fc.Arbitrary<readonly Buffer[]>,
  oracle: (stream: Buffer) => OracleVerdict,
): void {
  it('reads valid messages at any split', () => {
    fc.assert(
      fc.property(valid, pieces, (messages, cut) => {
        const stream = Buffer.concat(messages);
        const verdict = oracle(stream);
        expect(verdict.end).toBe('clean');
        expect(verdict.messages).toHaveLength(messages.length);
        expectVerdict(reader, cut(stream), verdict);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the verdict of the plain reader on damaged messages, at any split', () => {
    fc.assert(
      fc.property(damaged(valid), pieces, (stream, cut) => {
        const verdict = oracle(stream);
        expectVerdict(reader, [stream], verdict);
        expectVerdict(reader, cut(stream), verdict);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives the same verdict byte by byte', () => {
    fc.assert(
      fc.property(damaged(valid), (stream) => {
        const single = Array.from(stream, (value) => Buffer.from([value]));
        expectVerdict(reader, single, oracle(stream));
      }),
      { numRuns: 60 },
    );
  });
}

/** Runs the suite on a reader of requests. */
export function describeRequestReader(reader: RequestReader): void {
  describe(`HTTP/1.1 requests: ${reader.name}`, () => {
    describeStreams(reader, requestStreams, (stream) => oracleRequests(stream, reader.rules));

    it.each(REFUSED_REQUESTS)('refuses %s with %i', (_, status, text) => {
      const stream = Buffer.from(text, 'latin1');
      expect(oracleRequests(stream, reader.rules).messages).toEqual([]);
      for (const parts of [[stream], halves(stream)]) {
        expect(reader.read(parts)).toEqual({ messages: [], refused: status });
      }
    });
  });
}

/** Runs the suite on a reader of answers to POST. */
export function describeResponseReader(reader: ResponseReader): void {
  describe(`HTTP/1.1 responses: ${reader.name}`, () => {
    describeStreams(reader, responseStreams, (stream) => oracleResponses(stream, reader.rules));

    it(`${reader.rules.repeats ? 'takes' : 'refuses'} chunks stated twice`, () => {
      const stream = Buffer.from(ok(TWICE, '1\r\na\r\n0\r\n\r\n'));
      const { messages } = oracleResponses(stream, reader.rules);
      expect(messages).toHaveLength(reader.rules.repeats ? 1 : 0);
      for (const parts of [[stream], halves(stream)]) {
        const read = reader.read(parts);
        expect(read.messages.map(({ body }) => body)).toEqual(messages.map(reader.body));
        expect(read.refused === undefined).toBe(reader.rules.repeats);
      }
    });

    it.each(REFUSED_RESPONSES)('refuses %s', (_, text) => {
      const stream = Buffer.from(text, 'latin1');
      expect(oracleResponses(stream, reader.rules).messages).toEqual([]);
      for (const parts of [[stream], halves(stream)]) {
        const { messages, refused } = reader.read(parts);
        expect(messages).toEqual([]);
        expect(refused).toBeDefined();
      }
    });
  });
}

const halves = (stream: Buffer): readonly Buffer[] => [
  stream.subarray(0, stream.length >> 1),
  stream.subarray(stream.length >> 1),
];

const post = (fields: string, body = ''): string => `POST /mcp HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;
const ok = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

const TWICE = 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n';

/** Framing that two readers could take differently: fields, body, and the status for a request. */
const BAD_FRAMINGS: readonly (readonly [string, number, string, string])[] = [
  ['two lengths', 400, 'Content-Length: 1\r\nContent-Length: 2\r\n', ''],
  ['two equal lengths', 400, 'Content-Length: 1\r\nContent-Length: 1\r\n', ''],
  ['a list of lengths', 400, 'Content-Length: 1, 1\r\n', ''],
  ['length and chunks', 400, 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', ''],
  ['chunks and length', 400, 'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', ''],
  ['another coding', 501, 'Transfer-Encoding: gzip, chunked\r\n', ''],
  ['a disguised coding', 501, 'Transfer-Encoding: xchunked\r\n', ''],
  ['a signed length', 400, 'Content-Length: +1\r\n', ''],
  ['a hexadecimal length', 400, 'Content-Length: 0x10\r\n', ''],
  ['an empty length', 400, 'Content-Length:\r\n', ''],
  ['a length of 16 digits', 400, `Content-Length: ${'1'.repeat(16)}\r\n`, ''],
  ['space before the colon', 400, 'Content-Length : 1\r\n', ''],
  ['a folded line', 400, 'X-A: 1\r\n 2\r\n', ''],
  ['a bare line feed', 400, 'X-A: 1\nContent-Length: 5\r\n', ''],
  ['a bare carriage return', 400, 'X-A: 1\rContent-Length: 5\r\n', ''],
  ['NUL in a value', 400, 'X-A: \0\r\n', ''],
  ['a control character in a value', 400, 'X-A: \x07\r\n', ''],
  ['a line without a name', 400, ': 1\r\n', ''],
  ['a line without a colon', 400, 'nonsense\r\n', ''],
  ['framing that belongs to one hop', 400, 'Connection: content-length\r\nContent-Length: 1\r\n', ''],
  ['a chunk size with a sign', 400, 'Transfer-Encoding: chunked\r\n', '-1\r\n'],
  ['a chunk size with a space', 400, 'Transfer-Encoding: chunked\r\n', '5 \r\nhello\r\n'],
  ['a chunk size with a prefix', 400, 'Transfer-Encoding: chunked\r\n', '0x5\r\nhello\r\n'],
  ['a chunk size without digits', 400, 'Transfer-Encoding: chunked\r\n', '\r\n'],
  ['a chunk size of 12 digits', 400, 'Transfer-Encoding: chunked\r\n', `${'f'.repeat(12)}\r\n`],
  ['a chunk line that ends in LF', 400, 'Transfer-Encoding: chunked\r\n', '5\nhello\r\n'],
  ['LF in a chunk extension', 400, 'Transfer-Encoding: chunked\r\n', '5;a\nhello\r\n'],
  ['a chunk longer than its size', 400, 'Transfer-Encoding: chunked\r\n', '1\r\nhello\r\n'],
  ['LF in a trailer', 400, 'Transfer-Encoding: chunked\r\n', '0\r\na: b\n\r\n'],
  ['a trailer without a colon', 400, 'Transfer-Encoding: chunked\r\n', '0\r\nnothing\r\n\r\n'],
  ['a trailer without a name', 400, 'Transfer-Encoding: chunked\r\n', '0\r\n: x\r\n\r\n'],
  ['an extension without end', 400, 'Transfer-Encoding: chunked\r\n', `5;${'x'.repeat(20_000)}`],
  ['trailers without end', 400, 'Transfer-Encoding: chunked\r\n', `0\r\n${'a: b\r\n'.repeat(4_000)}`],
];

const REFUSED_REQUESTS: readonly (readonly [string, number, string])[] = [
  ...BAD_FRAMINGS.map(([what, status, fields, body]) => [what, status, post(fields, body)] as const),
  ['chunks twice', 400, post(TWICE)],
  ['a lower-case method', 400, 'post /mcp HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an absolute target', 400, 'POST http://b/mcp HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a target with a space', 400, 'POST /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['two spaces before the target', 400, 'POST  /mcp HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a control character in the target', 400, 'POST /\x07 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['no version', 400, 'POST /mcp\r\nHost: a\r\n\r\n'],
  ['HTTP/2.0', 505, 'POST /mcp HTTP/2.0\r\nHost: a\r\n\r\n'],
  ['HTTP/1.2', 505, 'POST /mcp HTTP/1.2\r\nHost: a\r\n\r\n'],
  ['a head that never ends', 431, `POST /mcp HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}`],
];

const REFUSED_RESPONSES: readonly (readonly [string, string])[] = [
  ...BAD_FRAMINGS.map(([what, , fields, body]) => [what, ok(fields, body)] as const),
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a status below 100', 'HTTP/1.1 099 Low\r\n\r\n'],
  ['a status that runs on', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['another protocol that was not requested', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ['an interim response of HTTP/1.0', 'HTTP/1.0 103 Early\r\n\r\nHTTP/1.0 204 No\r\n\r\n'],
  ['an interim response that closes', 'HTTP/1.1 103 Early\r\nConnection: close\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
];
