import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ClientHead, instanceField, readClientHead, readUpstreamHead } from './heads.ts';
import { MessageReader, MOST_HEAD } from './message-reader.ts';
import { Reject } from './reject.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The request head `text`, its empty line left off. */
const requestHead = (text: string): ClientHead => readClientHead(bytesOf(text), 0, text.length);

const answerHead = (text: string, method: string) =>
  readUpstreamHead(bytesOf(text), 0, text.length, method, instanceField('x-served-by', 'i0'));

interface Seen {
  readonly line: string;
  readonly fields: string;
  body: string;
  whole: boolean;
}

/** Everything read from `stream` when it arrives in pieces cut at `cuts`, in memory that is used for something else after each; a refusal ends it. */
function readAll(
  stream: Buffer,
  cuts: readonly number[],
): { readonly seen: Seen[]; readonly refused: number } {
  const reader = new MessageReader<ClientHead>(readClientHead);
  const seen: Seen[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  const memory = Buffer.alloc(stream.length + 8);
  let at = 0;
  try {
    for (const place of [...places, stream.length]) {
      reader.push(memory, stream.copy(memory, 0, at, place));
      at = place;
      for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
        const { head } = piece;
        if (head) seen.push({ line: head.startLine, fields: head.fields.text, body: '', whole: false });
        const message = seen.at(-1)!;
        message.body += piece.chunk.toString('latin1', piece.from, piece.to);
        message.whole = piece.last;
      }
      reader.keep();
      memory.fill('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
    }
  } catch (error) {
    if (!(error instanceof Reject)) throw error;
    return { seen, refused: error.status };
  }
  return { seen, refused: 0 };
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).map((name) => `x-${name}`);
const value = fc.stringMatching(/^[!-~]{0,20}$/);
const bytes = fc.string({ unit: 'binary-ascii', maxLength: 60 });
const chunked = fc
  .tuple(fc.array(bytes.filter((text) => text !== '')), fc.array(fc.tuple(token, value), { maxLength: 2 }))
  .map(([chunks, trailers]) => {
    const data = chunks.map((chunk) => `${chunk.length.toString(16)};ext=1\r\n${chunk}\r\n`).join('');
    return `${data}0\r\n${trailers.map(([name, text]) => `${name}: ${text}\r\n`).join('')}\r\n`;
  });
const message = fc
  .record({
    method: fc.constantFrom('POST', 'GET', 'DELETE'),
    fields: fc.array(fc.tuple(token, value), { maxLength: 4 }),
    framed: fc.oneof(
      bytes.map((text) => ({ field: `content-length: ${text.length}\r\n`, body: text })),
      chunked.map((text) => ({ field: 'Transfer-Encoding: chunked\r\n', body: text })),
      fc.constant({ field: '', body: '' }),
    ),
  })
  .map(({ method, fields, framed }) => {
    const line = `${method} /mcp HTTP/1.1\r\n`;
    const text = `Host: a\r\n${fields.map(([name, words]) => `${name}: ${words}\r\n`).join('')}${framed.field}`;
    return {
      text: `${line}${text}\r\n${framed.body}`,
      seen: { line, fields: text, body: framed.body, whole: true },
    };
  });

describe('reading a stream of requests', () => {
  it('gives the same messages however the stream was split', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), fc.array(fc.nat()), (messages, cuts) => {
        const stream = Buffer.from(messages.map(({ text }) => text).join(''), 'latin1');
        expect(readAll(stream, cuts)).toEqual({ seen: messages.map(({ seen }) => seen), refused: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it('comes to the same end on damaged streams, however they were split, and never to another error', () => {
    const damage = fc.tuple(fc.nat(), fc.constantFrom('', '\r', '\n', '\0', ' ', ':', '\r\n', '\x80', 'a'));
    fc.assert(
      fc.property(
        message,
        fc.array(damage, { maxLength: 4 }),
        fc.array(fc.nat()),
        ({ text }, damages, cuts) => {
          let bad = text;
          for (const [place, insert] of damages) {
            const at = place % bad.length;
            bad = bad.slice(0, at) + insert + bad.slice(insert === '' ? at + 1 : at);
          }
          const stream = Buffer.from(bad, 'latin1');
          const [whole, split] = [readAll(stream, []), readAll(stream, cuts)];
          expect(split.refused).toBe(whole.refused);
          const heads = ({ seen }: typeof whole): string[] => seen.map(({ line, fields }) => line + fields);
          // A body that turns out wrong may have been passed on in part, a head never.
          expect(whole.refused === 0 ? heads(split) : heads(split).slice(0, whole.seen.length)).toEqual(
            heads(whole),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

const post = (fields: string, body = ''): string => `POST /mcp HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;

describe('requests that are refused', () => {
  it.each([
    ['two lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n'), 400],
    ['two equal lengths', post('Content-Length: 1\r\nContent-Length: 1\r\n'), 400],
    ['a list of lengths', post('Content-Length: 1, 1\r\n'), 400],
    ['length and chunks', post('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n'), 400],
    ['chunks and length', post('Transfer-Encoding: chunked\r\nContent-Length: 3\r\n'), 400],
    ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'), 400],
    ['another coding', post('Transfer-Encoding: gzip, chunked\r\n'), 501],
    ['a disguised coding', post('Transfer-Encoding: xchunked\r\n'), 501],
    ['a signed length', post('Content-Length: +1\r\n'), 400],
    ['a hexadecimal length', post('Content-Length: 0x10\r\n'), 400],
    ['an empty length', post('Content-Length:\r\n'), 400],
    ['space before the colon', post('Content-Length : 1\r\n'), 400],
    ['a folded line', post('X-A: 1\r\n 2\r\n'), 400],
    ['a bare line feed', post('X-A: 1\nContent-Length: 5\r\n'), 400],
    ['a bare carriage return', post('X-A: 1\rContent-Length: 5\r\n'), 400],
    ['a NUL', post('X-A: \0\r\n'), 400],
    ['a line without a name', post(': 1\r\n'), 400],
    ['no Host', 'POST /mcp HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', post('Host: b\r\n'), 400],
    ['an absolute target', 'POST http://b/mcp HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a target with a space', 'POST /a b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTP/1.0', 'POST /mcp HTTP/1.0\r\nHost: a\r\n\r\n', 505],
    ['a tunnel', 'CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n', 501],
    ['an upgrade of framing', post('Connection: content-length\r\nContent-Length: 1\r\n'), 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00', 400],
    ['a head that is too long', post(`X-A: ${'a'.repeat(MOST_HEAD)}\r\n`), 431],
    ['a head that never ends', `POST /mcp HTTP/1.1\r\nX-A: ${'a'.repeat(MOST_HEAD)}`, 431],
    ['a chunk size with a sign', post('Transfer-Encoding: chunked\r\n', '-1\r\n'), 400],
    ['a chunk size with a space', post('Transfer-Encoding: chunked\r\n', '5 \r\nhello\r\n'), 400],
    ['a chunk size without digits', post('Transfer-Encoding: chunked\r\n', '\r\n'), 400],
    ['a chunk size that overflows', post('Transfer-Encoding: chunked\r\n', 'fffffffffffff\r\n'), 400],
    ['a chunk line that ends in LF', post('Transfer-Encoding: chunked\r\n', '5\nhello\r\n'), 400],
    ['LF in a chunk extension', post('Transfer-Encoding: chunked\r\n', '5;a\nhello\r\n'), 400],
    ['a chunk longer than its size', post('Transfer-Encoding: chunked\r\n', '1\r\nhello\r\n'), 400],
    ['LF in a trailer', post('Transfer-Encoding: chunked\r\n', '0\r\na: b\n\r\n'), 400],
  ])('%s', (_, stream, status) => {
    expect(readAll(Buffer.from(stream, 'latin1'), []).refused).toBe(status);
    expect(readAll(Buffer.from(stream, 'latin1'), [1, 7, 19, 23, 41, 47]).refused).toBe(status);
  });
});

describe('a head that repeats the last one', () => {
  it('is not read again, and one that differs in a byte is', () => {
    const read = vi.fn(readClientHead);
    const reader = new MessageReader<ClientHead>(read);
    const seen = ['ab', 'cd', 'e', 'fgh', 'ij', 'kl'].map((body) => {
      reader.push(bytesOf(post(`Content-Length: ${body.length}\r\n`, body)));
      const { head, chunk, from, to, last } = reader.next()!;
      return [head!.body, chunk.toString('latin1', from, to), last];
    });
    expect(seen).toEqual([
      [2, 'ab', true],
      [2, 'cd', true],
      [1, 'e', true],
      [3, 'fgh', true],
      [2, 'ij', true],
      [2, 'kl', true],
    ]);
    expect(read.mock.calls.length).toBeLessThan(6);
    expect(read.mock.calls.length).toBeGreaterThan(2);
  });
});

describe('a request head', () => {
  it('loses what belongs to one hop, and nothing else', () => {
    const head = requestHead(
      'POST /mcp?a=1 HTTP/1.1\r\nHost: a\r\nconnection: keep-alive, X-Mine, close\r\nTE: trailers\r\nx-mine: 1\r\n' +
        'Keep-Alive: timeout=5\r\nUpgrade: h2c\r\nMcp-Session-Id:  s-1 \r\nX-Other: caf\xe9\r\nContent-Length: 3\r\n',
    );
    expect(head.fields.text).toBe(
      'Host: a\r\nMcp-Session-Id:  s-1 \r\nX-Other: caf\xe9\r\nContent-Length: 3\r\n',
    );
    expect(head).toMatchObject({ close: true, fields: { untouched: false, sessionId: 's-1' } });
  });

  it('that has nothing to lose is passed on to the letter', () => {
    const head = requestHead('GET / HTTP/1.1\r\nhOsT:a\r\nx:\t1\r\n');
    expect(head.fields).toMatchObject({ untouched: true, text: 'hOsT:a\r\nx:\t1\r\n' });
  });
});

describe('the end of an answer', () => {
  const answer = (start: string, fields: string, method = 'POST') => {
    const { body, reusable } = answerHead(`${start}\r\n${fields}`, method);
    return { empty: body === 0, reusable };
  };
  it.each([
    ['a length', 'HTTP/1.1 200 OK', 'Content-Length: 2\r\n', 'POST', { empty: false, reusable: true }],
    ['chunks', 'HTTP/1.1 200 OK', 'Transfer-Encoding: chunked\r\n', 'POST', { empty: false, reusable: true }],
    ['the connection', 'HTTP/1.1 200 OK', '', 'POST', { empty: false, reusable: false }],
    ['no content', 'HTTP/1.1 204 No Content', '', 'POST', { empty: true, reusable: true }],
    [
      'not modified',
      'HTTP/1.1 304 Not Modified',
      'Content-Length: 9\r\n',
      'POST',
      { empty: true, reusable: true },
    ],
    [
      'an answer to HEAD',
      'HTTP/1.1 200 OK',
      'Content-Length: 9\r\n',
      'HEAD',
      { empty: true, reusable: true },
    ],
    [
      'close',
      'HTTP/1.1 200 OK',
      'Content-Length: 2\r\nConnection: Close\r\n',
      'POST',
      { empty: false, reusable: false },
    ],
    ['HTTP/1.0', 'HTTP/1.0 200 OK', 'Content-Length: 2\r\n', 'POST', { empty: false, reusable: false }],
    [
      'HTTP/1.0 kept',
      'HTTP/1.0 200',
      'Content-Length: 2\r\nConnection: keep-alive\r\n',
      'POST',
      { empty: false, reusable: true },
    ],
  ] as const)('%s', (_, start, fields, method, expected) => {
    expect(answer(start, fields, method)).toEqual(expected);
  });

  it('speaks HTTP/1.1 for an upstream that spoke HTTP/1.0', () => {
    expect(answerHead('HTTP/1.0 200 Fine\r\n', 'POST')).toMatchObject({
      startLine: 'HTTP/1.1 200 Fine\r\n',
      verbatim: false,
    });
  });
});
