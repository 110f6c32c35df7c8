import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodies, pieces, type Scripted, scripted } from '../../http/responses.case.ts';
import { BODY_LIMIT, HEAD_LIMIT } from '../failure.ts';
import { instanceName } from '../instance-name.ts';
import { BROKEN, COMPLETE, READING_TO_END, ResponseReader } from './response.ts';
import { Texts } from './texts.ts';

/** What a test looks at of one response. */
interface Seen {
  readonly status: number;
  readonly body: string;
  readonly contentType: string | undefined;
  readonly servedBy: string | undefined;
  readonly sessionId: string | undefined;
  readonly serverTiming: string | undefined;
  readonly challenge: string | undefined;
  readonly keepAlive: boolean;
}

/** Feeds `parts` as reads of one connection into memory that is used again and again. */
function readAll(parts: readonly Buffer[]): { seen: Seen[]; fault: string; open: boolean } {
  const reader = new ResponseReader(new Texts(), 'X-Served-By');
  const memory = Buffer.alloc(64 * 1024);
  const seen: Seen[] = [];
  const take = (): void => {
    const { head } = reader;
    seen.push({
      status: head.status,
      body: reader.answer().body.toString('latin1'),
      contentType: head.contentType,
      servedBy: head.servedBy,
      sessionId: head.sessionId,
      serverTiming: head.serverTiming,
      challenge: head.challenge,
      keepAlive: head.keepAlive,
    });
    reader.clear();
  };
  let open = false;
  for (const part of parts) {
    memory.fill(0xaa);
    part.copy(memory);
    for (let at = 0; at < part.length; ) {
      open = true;
      at = reader.read(memory, at, part.length);
      if (reader.state === BROKEN) return { seen, fault: reader.fault, open };
      if (reader.state === COMPLETE) {
        take();
        open = false;
      }
    }
  }
  if (open && reader.finish()) {
    take();
    open = false;
  }
  return { seen, fault: '', open };
}

const read = (text: string) => readAll([Buffer.from(text, 'latin1')]);

const expected = (response: Scripted): Seen => ({
  status: response.status,
  body: response.body.toString('latin1'),
  contentType: response.contentType,
  servedBy: response.servedBy === undefined ? undefined : instanceName(response.servedBy),
  sessionId: undefined,
  serverTiming: response.serverTiming,
  challenge: undefined,
  keepAlive: !response.closes,
});

/** The responses of a connection: few kinds, each of them often, as servers answer. */
const connections = fc
  .tuple(
    fc.array(scripted(), { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
  )
  .map(([kinds, order]) => order.map((index) => kinds[index % kinds.length]!));

describe('the reader of responses', () => {
  it('gives the same answers however the bytes are split', () => {
    fc.assert(
      fc.property(connections, pieces, (responses, cuts) => {
        const last = responses.findIndex((response) => response.framing === 'close');
        const sent = last < 0 ? responses : responses.slice(0, last + 1);
        const bytes = Buffer.concat(sent.map((response) => response.bytes));
        const { seen, fault, open } = readAll(cuts(bytes));
        expect({ fault, open }).toEqual({ fault: '', open: false });
        expect(seen).toEqual(sent.map(expected));
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same answers byte by byte', () => {
    fc.assert(
      fc.property(scripted(), (response) => {
        const single = Array.from(response.bytes, (byte) => Buffer.from([byte]));
        expect(readAll(single).seen).toEqual([expected(response)]);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws, and what it makes of garbage does not depend on the splitting', () => {
    const damaged = fc
      .tuple(scripted(), fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 4 }))
      .map(([response, hits]) => hits.reduce<Buffer>(damage, response.bytes));
    const anything = fc.oneof(
      damaged,
      bodies,
      fc.string().map((text) => Buffer.from(`HTTP/1.1 ${text}`)),
    );
    fc.assert(
      fc.property(anything, pieces, (bytes, cuts) => {
        const whole = readAll([bytes]);
        const split = readAll(cuts(bytes));
        expect({ seen: split.seen, broken: split.fault !== '' }).toEqual({
          seen: whole.seen,
          broken: whole.fault !== '',
        });
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 Low\r\n\r\n'],
    ['a status that runs on', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a control character in the status line', 'HTTP/1.1 200 O\x07K\r\n\r\n'],
    ['an empty line before the status', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['lines that end in LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['CR without LF', 'HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n'],
    ['a header without colon', 'HTTP/1.1 200 OK\r\nNothing\r\n\r\n'],
    ['a header without name', 'HTTP/1.1 200 OK\r\n: value\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n'],
    ['NUL in a value', 'HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n'],
    ['a length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n'],
    ['a hexadecimal length', 'HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n'],
    ['no length where one is named', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n'],
    ['a length beyond all numbers', `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(16)}\r\n\r\n`],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['chunks and length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n'],
    ['a coding that was not offered', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['another protocol that was not requested', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['an interim response of HTTP/1.0', 'HTTP/1.0 103 Early\r\n\r\nHTTP/1.0 204 No\r\n\r\n'],
    ['a chunk without size', chunked('\r\nhello\r\n')],
    ['a chunk size that is none', chunked('zz\r\nhello\r\n')],
    ['a space after a chunk size', chunked('5 \r\nhello\r\n')],
    ['a negative chunk size', chunked('-5\r\nhello\r\n')],
    ['a chunk size beyond all numbers', chunked(`${'f'.repeat(12)}\r\n`)],
    ['a chunk longer than its size', chunked('5\r\nhello!\r\n')],
    ['a chunk line that ends in LF alone', chunked('5\nhello\r\n')],
    ['a trailer without colon', chunked('0\r\nnothing\r\n\r\n')],
    ['a trailer without name', chunked('0\r\n: x\r\n\r\n')],
  ])('refuses %s', (_, text) => {
    const { seen, fault } = read(text);
    expect(seen).toEqual([]);
    expect(fault).not.toBe('');
  });

  it.each([
    ['no status text', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', { status: 200, body: 'ok' }],
    [
      'names in any case',
      'HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh: 2\r\nX-SERVED-BY: i\r\n\r\nok',
      { servedBy: 'i' },
    ],
    ['tabs and spaces around values', 'HTTP/1.1 200 OK\r\nContent-Length:\t 2 \t\r\n\r\nok', { body: 'ok' }],
    ['bytes beyond ASCII', 'HTTP/1.1 200 \xd6K\r\nA: \xe9\r\nContent-Length: 0\r\n\r\n', { status: 200 }],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', { keepAlive: false }],
    [
      'HTTP/1.0 that stays',
      'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n',
      { keepAlive: true },
    ],
    [
      'an option among others',
      'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n',
      { keepAlive: false },
    ],
    [
      'interim responses',
      `${'HTTP/1.1 103 Early\r\nX-Served-By: no\r\n\r\n'.repeat(3)}HTTP/1.1 204 No\r\n\r\n`,
      { status: 204, servedBy: undefined },
    ],
    [
      '304 with a length',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n',
      { status: 304, body: '' },
    ],
    [
      'two timings',
      'HTTP/1.1 204 No\r\nServer-Timing: a;dur=1\r\nServer-Timing: b;dur=2\r\n\r\n',
      { serverTiming: 'a;dur=1, b;dur=2' },
    ],
    [
      'a session and a challenge',
      'HTTP/1.1 401 No\r\nMcp-Session-Id: s\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n',
      { sessionId: 's', challenge: 'Bearer' },
    ],
    [
      'chunk sizes in capitals',
      chunked(`A; x="y z"\r\n${'b'.repeat(10)}\r\n00\r\nX: y\r\n\r\n`),
      { body: 'b'.repeat(10) },
    ],
  ])('takes %s', (_, text, want) => {
    const { seen, fault } = read(text);
    expect(fault).toBe('');
    expect(seen).toMatchObject([want]);
  });

  it('stops at the end of the response', () => {
    const reader = new ResponseReader(new Texts(), 'x-served-by');
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    const bytes = Buffer.from(one + one);
    expect(reader.read(bytes, 0, bytes.length)).toBe(one.length);
    expect(reader.state).toBe(COMPLETE);
  });

  it('are read by a reader that knows a head as by one that does not, whatever is changed in them', () => {
    const known = answerOf('Content-Length: 12', 'x'.repeat(12));
    const lengths = [
      '0',
      '7',
      '12',
      '0012',
      '123',
      '-1',
      '+7',
      '7 ',
      '7x',
      '7, 7',
      '',
      '9'.repeat(15),
      '9'.repeat(16),
    ];
    const variant = fc
      .tuple(
        fc.constantFrom(...lengths),
        fc.nat(20),
        fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)),
        fc.nat(3),
        pieces,
      )
      .map(([length, size, change, turn, cut]) => {
        const text = answerOf(`Content-Length: ${length}`, 'y'.repeat(size));
        return cut(turn === 0 ? damage(Buffer.from(text, 'latin1'), change) : Buffer.from(text, 'latin1'));
      });
    fc.assert(
      fc.property(variant, (parts) => {
        const { seen, ...rest } = readAll([Buffer.from(known), ...parts]);
        const alone = readAll(parts);
        expect(seen.slice(1)).toEqual(alone.seen);
        expect(rest).toEqual({ fault: alone.fault, open: alone.open });
      }),
      { numRuns: 2000 },
    );
  });

  it('are read by a head that is known but for the length of its body', () => {
    const bodies = ['one', '', 'x'.repeat(1000), 'seventeen letters', '1'];
    const texts = bodies.map((body) => answerOf(`Content-Length: ${body.length}`, body));
    const { seen, open } = readAll(texts.map((text) => Buffer.from(text)));
    expect(seen.map(({ body }) => body)).toEqual(bodies);
    expect(open).toBe(false);
    // In one piece with others, and without a body whatever the length says.
    expect(read(texts.join('')).seen.map(({ body }) => body)).toEqual(bodies);
    const unmodified = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n';
    expect(read(unmodified.repeat(3)).seen.map(({ body }) => body)).toEqual(['', '', '']);
  });

  it.each([
    ['one long line', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(HEAD_LIMIT)}`],
    ['many lines', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(HEAD_LIMIT / 6)}`],
    ['interim responses without end', 'HTTP/1.1 103 Early\r\n\r\n'.repeat(HEAD_LIMIT / 20)],
    ['chunk extensions', chunked(`5;${'x'.repeat(HEAD_LIMIT + 1)}`)],
    ['trailers', chunked(`0\r\n${'A: b\r\n'.repeat(HEAD_LIMIT / 2)}`)],
  ])('bounds %s', (_, text) => {
    const bytes = Buffer.from(text);
    const parts = Array.from({ length: Math.ceil(bytes.length / 1000) }, (__, i) =>
      bytes.subarray(i * 1000, (i + 1) * 1000),
    );
    expect(readAll(parts).fault).not.toBe('');
  });

  it('counts a body beyond the limit to its end and keeps none of it', () => {
    const reader = new ResponseReader(new Texts(), 'x-served-by');
    const part = Buffer.alloc(64 * 1024, 'x');
    const size = BODY_LIMIT + 3 * part.length;
    const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    reader.read(head, 0, head.length);
    for (let left = size; left > 0; left -= part.length) reader.read(part, 0, part.length);
    expect(reader.state).toBe(COMPLETE);
    expect(reader.body.size).toBe(size);
    expect(reader.body.bytes().length).toBe(0);
  });

  it('knows which bodies the end of the connection completes', () => {
    const reader = new ResponseReader(new Texts(), 'x-served-by');
    const open = Buffer.from('HTTP/1.1 200 OK\r\n\r\nsome');
    reader.read(open, 0, open.length);
    expect(reader.state).toBe(READING_TO_END);
    expect(reader.finish()).toBe(true);
    for (const text of [
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome',
      chunked('4\r\nsome\r\n'),
      'HTTP/1.1 2',
    ]) {
      reader.clear();
      const bytes = Buffer.from(text);
      reader.read(bytes, 0, bytes.length);
      expect(reader.finish()).toBe(false);
    }
  });
});

function answerOf(length: string, body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${length}\r\nX-Served-By: i-1\r\n\r\n${body}`;
}

function chunked(rest: string): string {
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;
}

/** Changes, removes or doubles one byte. */
function damage(bytes: Buffer, [where, byte, how]: [number, number, number]): Buffer {
  const at = where % Math.max(1, bytes.length);
  const middle = how === 0 ? [byte] : how === 1 ? [] : [bytes[at] ?? 0, bytes[at] ?? 0];
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at + 1)]);
}
