import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepeatedAnswers, type RepeatedAnswers as Type } from './repeated-answers.ts';

const LONG = 'x'.repeat(20_000);

/** An answer with its id at the beginning or at the end. */
const answer = (id: number | string, text = LONG, idLast = false): Buffer => {
  const result = `"result":{"resultType":"complete","text":${JSON.stringify(text)}}`;
  const members = idLast ? `${result},"jsonrpc":"2.0","id":${id}` : `"jsonrpc":"2.0","id":${id},${result}`;
  return Buffer.from(`{${members}}`);
};

/** A memory that has checked `body` twice. */
function having(body: Buffer, id: number): Type {
  const repeated = new RepeatedAnswers();
  repeated.learn(body, id);
  repeated.learn(body, id);
  return repeated;
}

describe('repeated answers', () => {
  it.each([false, true])('are recognised with another id, of any length (id last: %s)', (idLast) => {
    const repeated = having(answer(7, LONG, idLast), 7);
    for (const id of [7, 8, 1_000_000_001]) {
      const found = repeated.recognise(answer(id, LONG, idLast), id);
      expect(`${found?.before}${id}${found?.after}`).toBe(answer(id, LONG, idLast).toString());
    }
    expect(repeated.recognise(answer(9, LONG, idLast), 9)).toBe(
      repeated.recognise(answer(8, LONG, idLast), 8),
    );
  });

  it('are learned when they come a second time', () => {
    const repeated = new RepeatedAnswers();
    repeated.learn(answer(1), 1);
    expect(repeated.recognise(answer(2), 2)).toBeUndefined();
    repeated.learn(answer(2), 2);
    expect(repeated.recognise(answer(3), 3)).toBeDefined();
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
    expect(having(answer(7), 7).recognise(body, id)).toBeUndefined();
  });

  it('are not short: these are checked as fast', () => {
    expect(having(answer(7, 'short'), 7).recognise(answer(8, 'short'), 8)).toBeUndefined();
  });

  it('are not learned by a text within the result that looks like an id', () => {
    // The id is far from both ends, and what stands near them is within the result.
    const inner = (id: number, told: number): Buffer =>
      Buffer.from(
        `{"result":{"a":{"id":${told}},"text":"${LONG}"},"id":${id},"jsonrpc":"2.0","more":"${LONG}","b":{"id":${told}}}`,
      );
    const repeated = having(inner(7, 7), 7);
    expect(repeated.recognise(inner(8, 8), 8)).toBeUndefined();
    expect(repeated.recognise(inner(7, 8), 8)).toBeUndefined();
  });

  it('are given up when nothing is ever repeated', () => {
    const repeated = new RepeatedAnswers();
    for (let i = 0; i < 100; i += 1) {
      const text = `${LONG}${String(i).padStart(4)}`;
      repeated.learn(answer(10, text), 10);
    }
    repeated.learn(answer(10), 10);
    repeated.learn(answer(10), 10);
    expect(repeated.recognise(answer(11), 11)).toBeUndefined();
  });

  it('keep apart several texts', () => {
    const repeated = new RepeatedAnswers();
    const texts = Array.from({ length: 5 }, (_, i) => LONG.repeat(1) + 'z'.repeat(10 * i));
    for (const text of [...texts, ...texts]) repeated.learn(answer(3, text), 3);
    const found = texts.map((text) => repeated.recognise(answer(4, text), 4));
    expect(new Set(found).size).toBe(5);
    expect(found).not.toContain(undefined);
  });

  it('are the same as what a full check says, whatever changes in them', () => {
    const repeated = having(answer(77), 77);
    fc.assert(
      fc.property(fc.nat(answer(77).length - 1), fc.nat(255), fc.nat(99), (at, byte, id) => {
        const body = answer(77);
        body[at] = byte;
        const known = repeated.recognise(body, id);
        if (known === undefined) return;
        expect(body.toString()).toBe(answer(id).toString());
      }),
    );
  });
});
