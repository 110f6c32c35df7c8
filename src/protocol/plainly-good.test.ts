import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from './answer.ts';
import { classify, classifySlow, OK } from './classify.ts';
import { isPlainlyGood } from './plainly-good.ts';
import type { Request } from './request.ts';

const ID = 7;
const CALL: Pick<Request, 'expected' | 'inSession'> = {
  expected: { kind: 'result', id: ID },
  inSession: false,
};

const SPACE = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('', ' ', '\n', '\t', '\r\n') },
  fc.constantFrom('\u00a0', '\f', '\ufeff'),
);
const ODD = '"isError":true,"error":{},"id":8,"resultType":"x"}}';
const KEYS = [
  'jsonrpc',
  'id',
  'result',
  'error',
  'method',
  'resultType',
  'isError',
  'content',
  '__proto__',
  ODD,
  '',
];
const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KEYS) }, fc.string({ unit: 'binary' }));
/** JSON texts that are right, nearly right, or strange. */
const scalar = fc.oneof(
  fc.constantFrom(
    '2.0',
    '"2.0"',
    '7',
    '7.0',
    '70e-1',
    '07',
    '-7',
    '0',
    '-',
    '"7"',
    'true',
    'false',
    'null',
    'nul',
  ),
  fc.constantFrom(
    '"complete"',
    '"task"',
    '"comp\\u006cete"',
    '"\\x"',
    '"\\ud800"',
    '"\\u12"',
    '1.',
    '.5',
    '1e+',
    '1E-9',
  ),
  fc.constantFrom(JSON.stringify(ODD), '"\n"', '"\u0001"', '"\u007f"', '"é"', '"'),
  fc.double().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
);

/** How a name may be spelled: mostly plainly, now and then with an escape that means the same. */
const name = fc.tuple(key, fc.nat(9)).map(([text, turn]) => {
  const plain = JSON.stringify(text);
  if (turn > 0 || !/^[a-z]/i.test(text)) return plain;
  return `"\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${plain.slice(2)}`;
});

const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, tie('object'), tie('array')),
  object: fc
    .array(fc.tuple(name, SPACE, tie('value'), SPACE), { maxLength: 4 })
    .map((members) => `{${members.map(([k, a, v, b]) => `${b}${k}${a}:${v}${b}`).join(',')}}`),
  array: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
}));

type Member = readonly [name: string, value: string];
const usually = (right: Member, weight = 12) =>
  fc.oneof({ weight, arbitrary: fc.constant(right) }, fc.tuple(name, value));
const extra = fc.array(fc.tuple(name, value), { maxLength: 2 });

function joined(members: readonly Member[], space: string): string {
  return `{${members.map(([k, v]) => `${space}${k}${space}:${v}${space}`).join(',')}}`;
}

/** What ordinary servers send. */
const ordinary = fc.jsonValue({ maxDepth: 2 }).map((some) => JSON.stringify(some));

const resultText = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constant<Member>(['"resultType"', '"complete"']),
        fc.constant<Member>(['"isError"', 'false']),
        fc.tuple(fc.constant('"content"'), fc.oneof(ordinary, ordinary, value)),
      ),
      { maxLength: 3 },
    ),
    fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, extra),
    SPACE,
  )
  .map(([own, more, space]) => joined([...own, ...more], space));

/** Bodies that are good answers more often than not, in any order of members, and all that lies around them. */
const message = fc
  .tuple(usually(['"jsonrpc"', '"2.0"']), usually(['"id"', `${ID}`]), resultText, extra, fc.nat(3), SPACE)
  .chain(([version, id, result, more, turn, space]) => {
    const members: Member[] = [version, id, ['"result"', result], ...(turn === 0 ? more : [])];
    return fc
      .shuffledSubarray(members, { minLength: Math.max(0, members.length - 1) })
      .map((chosen) => `${space}${joined(chosen, space)}${space}`);
  });

const events = fc
  .tuple(
    fc.constantFrom(
      '',
      'event: message\n',
      ': hi\n\n',
      'id: 1\r\n',
      'data:\n\n',
      '\ufeff',
      'event: a\rdata: {}\n',
      'x',
    ),
    fc.constantFrom('data: ', 'data:', 'data:  ', 'date: '),
    message,
    fc.constantFrom(
      '\n\n',
      '\n\n',
      '\r\n\r\n',
      '\n',
      '',
      '\r\r',
      '\n\ndata: {}\n\n',
      '\ndata: ,\n\n',
      '\n\n: bye\n\n',
    ),
  )
  .map((parts) => parts.join(''));

/** Damage as it happens on the wire. */
const damaged = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat(5), fc.nat(), fc.nat(255)).map(([whole, turn, where, byte]) => {
    const bytes = Buffer.from(whole);
    const at = bytes.length === 0 ? 0 : where % bytes.length;
    if (turn === 0) return bytes.subarray(0, at);
    if (turn === 1 && bytes.length > 0) bytes[at] = byte;
    if (turn === 2) return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)]);
    return bytes;
  });

const body = fc.oneof(
  { weight: 6, arbitrary: damaged(message).map((bytes) => ['application/json', bytes] as const) },
  { weight: 6, arbitrary: damaged(events).map((bytes) => ['text/event-stream', bytes] as const) },
  fc.uint8Array().map((bytes) => ['application/json', Buffer.from(bytes)] as const),
);

function answer(contentType: string, bytes: Buffer, status = 200): Answer {
  return { status, statusText: 'OK', contentType, body: bytes };
}

describe('the fast path', () => {
  it('agrees with the full parser on any input, and handles a share of it', () => {
    let quick = 0;
    let good = 0;
    fc.assert(
      fc.property(body, fc.boolean(), ([contentType, bytes], checkIds) => {
        const given = answer(contentType, bytes);
        const full = classifySlow(given, CALL, checkIds);
        expect(classify(given, CALL, checkIds)).toEqual(full);
        const kind = contentType === 'application/json' ? 'json' : 'events';
        const plainly = isPlainlyGood(bytes, kind, ID, checkIds);
        if (plainly) expect(full).toBe(OK);
        if (plainly) quick += 1;
        if (full === OK) good += 1;
      }),
      { numRuns: 8000, seed: 1 },
    );
    // Otherwise the property would also hold if the fast path were never taken, or if no answer were successful.
    expect(good).toBeGreaterThan(500);
    expect(quick).toBeGreaterThan(good / 2);
  });

  it('never throws, for any status and type', () => {
    const status = fc.constantFrom(0, 100, 200, 202, 204, 302, 400, 401, 403, 404, 405, 415, 500, 503, 999);
    const type = fc.oneof(
      fc.constantFrom('application/json', 'text/event-stream', 'text/html', '', ';', undefined),
      fc.string(),
    );
    const kind = fc.constantFrom<Request['expected']>(
      CALL.expected,
      { kind: 'accepted' },
      { kind: 'result', id: 'x' },
    );
    fc.assert(
      fc.property(
        body,
        status,
        type,
        kind,
        fc.boolean(),
        ([, bytes], code, contentType, expected, inSession) => {
          const given = { status: code, statusText: '\r\n', contentType, body: bytes };
          const classified = classify(given, { expected, inSession }, true);
          expect(classified).toEqual(classifySlow(given, { expected, inSession }, true));
          expect(classified.detail === undefined).toBe(classified.outcome === 'ok');
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('accepts every successful answer of an ordinary server', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.oneof(fc.nat(), fc.uuid()), fc.boolean(), (content, id, pretty) => {
        const text = JSON.stringify(
          { result: { resultType: 'complete', content, isError: false }, jsonrpc: '2.0', id },
          null,
          pretty ? 2 : 0,
        );
        expect(isPlainlyGood(Buffer.from(text), 'json', id, true)).toBe(true);
        const event = Buffer.from(`event: message\nid: a_1\ndata: ${text}\n\n`);
        expect(isPlainlyGood(event, 'events', id, true)).toBe(!pretty);
      }),
    );
  });

  it('rejects every truncated answer', () => {
    const whole = Buffer.from(
      '{"jsonrpc":"2.0","id":7,"result":{"content":[{"text":"a\\"\\u00e9é"}],"n":[-1.5e+3,true,null,{}],"isError":false}}',
    );
    expect(isPlainlyGood(whole, 'json', 7, true)).toBe(true);
    for (let end = 0; end < whole.length; end += 1) {
      expect(isPlainlyGood(whole.subarray(0, end), 'json', 7, true)).toBe(false);
    }
  });

  it('checks long texts itself, wherever in a word they end', () => {
    for (let length = 240; length < 290; length += 1) {
      for (const tail of ['', '\\u00e9', '\\n', '\\', '\n', 'é', '\\u00e', '\u007f']) {
        const text = `{"jsonrpc":"2.0","id":7,"result":{"text":"${'x'.repeat(length)}${tail}"}}`;
        const given = answer('application/json', Buffer.from(text));
        const full = classifySlow(given, CALL, true);
        expect(classify(given, CALL, true)).toEqual(full);
        expect(isPlainlyGood(given.body, 'json', ID, true)).toBe(full === OK);
      }
    }
  });

  it('takes bytes that are not UTF-8 as the full parser does, which decodes them to replacement characters', () => {
    const before = Buffer.from('{"jsonrpc":"2.0","id":7,"result":{"text":"');
    for (const length of [0, 300]) {
      for (const bytes of [[0xff], [0xc0, 0xa2], [0xe2, 0x28, 0xa1], [0xed, 0xa0, 0x80], [0x80, 0x80]]) {
        const text = Buffer.concat([Buffer.alloc(length, 'x'), Buffer.from(bytes)]);
        const given = answer('application/json', Buffer.concat([before, text, Buffer.from('"}}')]));
        expect(classifySlow(given, CALL, true)).toBe(OK);
        expect(isPlainlyGood(given.body, 'json', ID, true)).toBe(true);
        // An incomplete character does not swallow the quote after it.
        const open = answer('application/json', Buffer.concat([before, text]));
        expect(classify(open, CALL, true)).toEqual(classifySlow(open, CALL, true));
      }
    }
  });

  it('does not overflow the stack on nested values', () => {
    const deep = `{"jsonrpc":"2.0","id":7,"result":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    const given = answer('application/json', Buffer.from(deep));
    expect(isPlainlyGood(given.body, 'json', 7, true)).toBe(false);
    expect(classify(given, CALL, true)).toEqual(classifySlow(given, CALL, true));
  });
});
