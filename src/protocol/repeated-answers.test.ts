import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyKind } from './answer.ts';
import type { AroundId } from './answer-skeleton.ts';
import { compareMutated } from './mutated-answers.case.ts';
import { RepeatedAnswers } from './repeated-answers.ts';

const LONG = 'x'.repeat(20_000);

/** An answer with its id at the beginning or at the end. */
const answer = (id: number | string, text = LONG, idLast = false): Buffer => {
  const result = `"result":{"resultType":"complete","text":${JSON.stringify(text)}}`;
  const members = idLast ? `${result},"jsonrpc":"2.0","id":${id}` : `"jsonrpc":"2.0","id":${id},${result}`;
  return Buffer.from(`{${members}}`);
};

const eventOf = (message: Buffer): Buffer => Buffer.from(`event: message\ndata: ${message}\n\n`);

/** Whether `body` is recognised, wherever in memory it is. */
function recognise(
  repeated: RepeatedAnswers,
  body: Buffer,
  id: number | string | undefined,
  kind: BodyKind = 'json',
): { readonly message: AroundId | undefined } | undefined {
  const whole = Buffer.concat([Buffer.from('head'), body, Buffer.from('rest')]);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
  return repeated.recognise(view, 4, 4 + body.length, kind, id);
}

/** A memory that has checked `body` twice. */
function having(body: Buffer, id: number | undefined, kind: BodyKind = 'json'): RepeatedAnswers {
  const repeated = new RepeatedAnswers();
  repeated.learn(body, kind, id);
  repeated.learn(body, kind, id);
  return repeated;
}

describe('repeated answers', () => {
  it.each([false, true])('are recognised with another id, of any length (id last: %s)', (idLast) => {
    const repeated = having(answer(7, LONG, idLast), 7);
    for (const id of [7, 8, 1_000_000_001]) {
      const found = recognise(repeated, answer(id, LONG, idLast), id)?.message;
      expect(`${found?.before}${id}${found?.after}`).toBe(answer(id, LONG, idLast).toString());
    }
    expect(recognise(repeated, answer(9, LONG, idLast), 9)).toBe(
      recognise(repeated, answer(8, LONG, idLast), 8),
    );
  });

  it('are recognised in event streams, and the text of the message is told', () => {
    const repeated = having(eventOf(answer(7)), 7, 'events');
    const found = recognise(repeated, eventOf(answer(8)), 8, 'events')?.message;
    expect(`${found?.before}8${found?.after}`).toBe(answer(8).toString());
    expect(recognise(repeated, eventOf(answer(8)), 8, 'json')).toBeUndefined();
    expect(recognise(repeated, answer(8), 8, 'events')).toBeUndefined();
  });

  it('are learned when they come a second time', () => {
    const repeated = new RepeatedAnswers();
    repeated.learn(answer(1), 'json', 1);
    expect(recognise(repeated, answer(2), 2)).toBeUndefined();
    repeated.learn(answer(2), 'json', 2);
    expect(recognise(repeated, answer(3), 3)).toBeDefined();
  });

  it.each([
    ['another id than the one that was asked for', answer(8), 9],
    ['an id that only begins like it', answer(88), 8],
    ['an id as text', answer('"8"'), '8'],
    ['another text of the same length', answer(8, `${LONG.slice(1)}y`), 8],
    ['a text that is longer', answer(8, `${LONG}y`), 8],
    ['the same text, cut short', answer(8).subarray(0, -1), 8],
    ['the same text and more', Buffer.concat([answer(8), Buffer.from(' ')]), 8],
  ])('are not %s', (_, body, id) => {
    expect(recognise(having(answer(7), 7), body, id)).toBeUndefined();
  });

  it.each([
    ['long', answer],
    ['short', (id: number | string) => answer(id, 'short')],
  ])('are recognised with any number where ids are not checked (%s)', (_, of) => {
    const repeated = having(of(7), undefined);
    for (const id of [7, 8, 1_000_000_001]) expect(recognise(repeated, of(id), undefined)).toBeDefined();
    for (const id of ['"8"', '08', '-8', '8.5', '1e3', 'null'])
      expect(recognise(repeated, of(id), undefined)).toBeUndefined();
  });

  it('are not learned by a text within the result that looks like an id', () => {
    const inner = (id: number, told: number): Buffer =>
      Buffer.from(
        `{"result":{"a":{"id":${told}},"text":"${LONG}"},"id":${id},"jsonrpc":"2.0","more":"${LONG}","b":{"id":${told}}}`,
      );
    const repeated = having(inner(7, 7), 7);
    expect(recognise(repeated, inner(8, 8), 8)).toBeUndefined();
    expect(recognise(repeated, inner(7, 8), 8)).toBeUndefined();
    expect(recognise(repeated, inner(8, 7), 8)).toBeDefined();
  });

  it('are given up when nothing is ever repeated', () => {
    const repeated = new RepeatedAnswers();
    for (let i = 0; i < 100; i += 1) {
      const text = `${LONG}${String(i).padStart(4)}`;
      repeated.learn(answer(10, text), 'json', 10);
    }
    repeated.learn(answer(10), 'json', 10);
    repeated.learn(answer(10), 'json', 10);
    expect(recognise(repeated, answer(11), 11)).toBeUndefined();
  });

  it('keep apart several texts', () => {
    const repeated = new RepeatedAnswers();
    const texts = Array.from({ length: 5 }, (_, i) => LONG.repeat(1) + 'z'.repeat(10 * i));
    for (const text of [...texts, ...texts]) repeated.learn(answer(3, text), 'json', 3);
    const found = texts.map((text) => recognise(repeated, answer(4, text), 4));
    expect(new Set(found).size).toBe(5);
    expect(found).not.toContain(undefined);
  });
});

/** A short answer whose content is `text`, which may be no valid content of a string. */
const short = (id: number, text: string, more = ''): Buffer =>
  Buffer.from(
    `{"result":{"content":[{"type":"text","text":"${text}"}],"resultType":"complete"${more}},"jsonrpc":"2.0","id":${id}}`,
  );

describe('short answers of a known form', () => {
  const repeated = having(short(7, 'first'), 7);

  it.each([
    '',
    'first',
    'another text of any length',
    '\\"error\\":{}',
    'é😀',
    '\\u00e9\\n',
    'x'.repeat(300),
  ])('are recognised with the text %j', (text) => {
    for (const id of [0, 8, 123_456_789_012_345]) {
      expect(recognise(repeated, short(id, text), id)).toBeDefined();
      // Their text is not known, so they say nothing of what was read before.
      expect(recognise(repeated, short(id, text), id)?.message).toBeUndefined();
    }
  });

  it.each([
    ['a text that ends early', short(8, 'a","isError":true,"b":"')],
    ['a line break within the text', short(8, 'a\nb')],
    ['an escape that is none', short(8, 'a\\x')],
    ['a text without end', short(8, 'a\\')],
    ['another id', short(9, 'a')],
    ['an id with a leading zero', Buffer.from(short(8, 'a').toString().replace('"id":8', '"id":08'))],
    ['an error', short(8, 'a', ',"isError":true')],
    ['half an answer', short(8, 'a').subarray(0, 60)],
    ['nothing', Buffer.alloc(0)],
  ])('are not %s', (_, body) => {
    expect(recognise(repeated, body, 8)).toBeUndefined();
  });

  it('are not those whose result is incomplete, although that is their longest text', () => {
    const incomplete = (type: string): Buffer =>
      Buffer.from(`{"jsonrpc":"2.0","id":7,"result":{"resultType":"${type}","content":[]}}`);
    const known = having(incomplete('complete'), 7);
    expect(recognise(known, incomplete('complete'), 7)).toBeDefined();
    expect(recognise(known, incomplete('input_required'), 7)).toBeUndefined();
  });

  it('are learned again when others take their place', () => {
    const known = new RepeatedAnswers();
    const odd = (i: number): Buffer => short(i, 'a', `,"n":${i}`);
    const take = (body: Buffer, id: number): boolean => {
      if (recognise(known, body, id) !== undefined) return true;
      known.learn(body, 'json', id);
      return false;
    };
    for (let i = 0; i < 5000; i += 1) expect(take(odd(i), i)).toBe(false);
    const found = Array.from({ length: 5000 }, (_, i) => take(short(i, 'a'), i));
    expect(found.indexOf(true)).toBeGreaterThan(-1);
    expect(found.slice(found.indexOf(true))).not.toContain(false);
  });

  it('are good by the full classifier whenever they are recognised, whatever changes in them', () => {
    const { recognised, scanned, differences } = compareMutated(20_000, 1);
    expect(differences).toEqual([]);
    expect(recognised).toBeGreaterThan(1000);
    expect(scanned).toBeGreaterThan(1000);
  });
});

describe('long answers of a known form', () => {
  it('are the same as what a full check says, whatever changes in them', () => {
    const repeated = having(answer(77), 77);
    fc.assert(
      fc.property(fc.nat(answer(77).length - 1), fc.nat(255), fc.nat(99), (at, byte, id) => {
        const body = answer(77);
        body[at] = byte;
        if (recognise(repeated, body, id) === undefined) return;
        expect(body.toString()).toBe(answer(id).toString());
      }),
    );
  });
});
