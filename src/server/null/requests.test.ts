import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../protocol/call-arguments.ts';
import { classify } from '../../protocol/classify.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { NullRequests } from './requests.ts';

const encode = statelessCall({ method: 'tools/call', tool: 'echo' }, {});

/** The bytes of a call with `id`, as a driver sends them. */
function post(id: number | string, text = 'hello'): string {
  const { head, body: numbered } = encode(0, jsonText(JSON.stringify({ text })));
  const body = numbered.replace('"id":0', () => `"id":${JSON.stringify(id)}`);
  return `POST /mcp HTTP/1.1\r\nHost: x\r\n${head.text}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const request = (body: string): string =>
  `POST / HTTP/1.1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** The answers in `bytes`: status and body. */
function parse(bytes: string): { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = [];
  let rest = bytes;
  while (rest !== '') {
    const [head, ...after] = rest.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head!)![1]);
    const body = after.join('\r\n\r\n');
    answers.push({ status: Number(head!.split(' ')[1]), body: body.slice(0, length) });
    rest = body.slice(length);
  }
  return answers;
}

const ids = (bytes: string): unknown[] =>
  parse(bytes).map(({ body }) => (JSON.parse(Buffer.from(body, 'latin1').toString()) as { id: unknown }).id);

describe('the null responder', () => {
  it('answers what the engine takes for a good result, with the id of the call', () => {
    const [answer] = parse(new NullRequests().receive(Buffer.from(post(7))));
    const { expected, inSession } = encode(7, undefined);
    const whole = {
      status: answer!.status,
      statusText: 'OK',
      contentType: 'application/json',
      body: Buffer.from(answer!.body),
    };
    expect(classify(whole, { expected, inSession }, true).outcome).toBe('ok');
    expect(classify(whole, { expected: { kind: 'result', id: 8 }, inSession }, true).outcome).toBe(
      'malformed',
    );
  });

  it('answers every request once and in order, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' })), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 20 }),
        (asked, cuts) => {
          const stream = Buffer.from(asked.map((id, i) => post(id, 'ü'.repeat(i))).join(''));
          const requests = new NullRequests();
          let answers = '';
          let at = 0;
          for (const cut of cuts) {
            answers += requests.receive(stream.subarray(at, at + cut + 1));
            at += cut + 1;
          }
          if (at < stream.length) answers += requests.receive(stream.subarray(at));
          expect(ids(answers)).toEqual(asked);
          expect(requests.ended).toBe(false);
        },
      ),
    );
  });

  it('answers bodies of any form and size alike, in one piece and in many', () => {
    const filler = 'x'.repeat(300_000);
    const body = fc.oneof(
      fc.record({ id: fc.integer(), size: fc.nat(300_000) }).map(({ id, size }) => ({
        text: `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"text":"${filler.slice(0, size)}"}}`,
        id,
      })),
      fc.record({ id: fc.string(), size: fc.nat(5000) }).map(({ id, size }) => ({
        text: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"text":"${filler.slice(0, size)}"}`,
        id,
      })),
      fc.record({ id: fc.integer(), size: fc.nat(5000) }).map(({ id, size }) => ({
        text: `{"text":"${filler.slice(0, size)}","id":${id},"jsonrpc":"2.0"}`,
        id,
      })),
      // The id ends behind what is searched for it.
      fc.record({ id: fc.integer(), blanks: fc.integer({ min: 30, max: 80 }) }).map(({ id, blanks }) => ({
        text: `{"jsonrpc":"2.0","id":${' '.repeat(blanks)}${id},"text":""}`,
        id,
      })),
    );
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 100_000 })), {
          maxLength: 30,
        }),
        (bodies, sizes) => {
          const stream = Buffer.concat(bodies.map(({ text }) => Buffer.from(request(text))));
          const requests = new NullRequests();
          let answers = '';
          let at = 0;
          for (const size of [...sizes, stream.length]) {
            const piece = stream.subarray(at, at + size);
            if (piece.length > 0) answers += requests.receive(piece);
            at += size;
          }
          expect(answers).toBe(new NullRequests().receive(stream));
          expect(ids(answers)).toEqual(bodies.map(({ id }) => id));
        },
      ),
    );
  });

  it('keeps nothing of a large body whose id is known', () => {
    const requests = new NullRequests();
    const length = 4_000_000;
    const start = `POST / HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n`;
    const opening = '{"jsonrpc":"2.0","id":7,"text":"'.padEnd(64, 'x');
    const first = Buffer.from(start + opening);
    expect(requests.receive(first)).toBe('');
    // Whatever was kept of it would no longer have the id.
    first.fill(0);
    const piece = Buffer.alloc(64_000, 'y');
    let left = length - opening.length;
    let answers = '';
    for (; left > 0; left -= piece.length) answers += requests.receive(piece.subarray(0, left));
    expect(ids(answers)).toEqual([7]);
  });

  it('finds an id that does not come first', () => {
    const body = '{"method":"tools/call","params":{"arguments":{"id":1}},"id":"a,b","jsonrpc":"2.0"}';
    const bytes = `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(ids(new NullRequests().receive(Buffer.from(bytes)))).toEqual(['a,b']);
  });

  it.each([
    ['a notification', 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}', 202, false],
    ['no JSON', 'POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n{', 400, false],
    ['GET', 'GET / HTTP/1.1\r\n\r\n', 405, false],
    ['chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 501, true],
    ['no HTTP', 'hello\r\n\r\n', 400, true],
    ['a head without end', `POST / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}`, 431, true],
    [
      'a last request',
      'POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 8\r\n\r\n{"id":1}',
      200,
      true,
    ],
  ])('answers %s with the right status', (_, bytes, status, ended) => {
    const requests = new NullRequests();
    expect(parse(requests.receive(Buffer.from(bytes))).map((answer) => answer.status)).toEqual([status]);
    expect(requests.ended).toBe(ended);
  });
});
