import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from '../http/responses.case.ts';
import { AnswerBody } from './answer-body.ts';
import type { AnswerFields } from './answer-fields.ts';
import { CallAnswer } from './call-answer.ts';
import { call } from './raw-server.case.ts';

const ID = 7;
const RESULT = `{"jsonrpc":"2.0","id":${ID},"result":{"resultType":"complete","content":[{"type":"text","text":"é😀"}]}}`;
const FAILED = `{"jsonrpc":"2.0","id":${ID},"error":{"code":-32602,"message":"Unknown tool"}}`;
const MESSAGES = [
  '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}',
  '{"jsonrpc":"2.0","id":"p1","method":"ping"}',
];

const fieldsOf = (contentEncoding?: string): AnswerFields => ({
  status: 200,
  statusText: 'OK',
  contentType: 'text/event-stream',
  contentEncoding,
  challenge: undefined,
  location: undefined,
  setCookies: undefined,
});

/** What a call is told of a stream. */
interface Told {
  readonly there: boolean;
  readonly outcome: string;
  readonly detail: string | undefined;
  readonly text: string | undefined;
  readonly resume: unknown;
  readonly messages: readonly string[];
  /** Bytes of the stream that were needed. */
  readonly needed: number;
}

/** Reads a stream that arrives in `parts`; `ends`: the body ends after them. */
function follow(parts: readonly Buffer[], ends: boolean, encoding?: string): Told {
  const messages: string[] = [];
  const asked = { request: call(ID), keepBody: true, onMessage: (text: string) => void messages.push(text) };
  const fields = fieldsOf(encoding);
  const answer = new CallAnswer(true);
  const body = new AnswerBody();
  let there = false;
  let needed = 0;
  for (const part of parts) {
    if (there) break;
    body.append(part, 0, part.length);
    body.hold();
    needed += part.length;
    there = answer.read(asked, fields, body);
  }
  if (!there && ends) answer.end(asked, fields, body);
  const { classified, text, resume } = answer;
  return { there, outcome: classified.outcome, detail: classified.detail, text, resume, messages, needed };
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const field = fc.constantFrom('event: message', ': comment', 'id: 5', 'retry: 20', 'other');
const other = fc.constantFrom(...MESSAGES, '{"jsonrpc":"2.0","id":99,"result":{}}', 'no JSON', '');
const drawnEvent = (data: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  fc.tuple(fc.array(field, { maxLength: 2 }), data).map(([fields, text]) => [...fields, `data: ${text}`, '']);
const before = fc.array(drawnEvent(other), { maxLength: 4 });
const after = fc.array(drawnEvent(fc.oneof(other, fc.constant(FAILED))), { maxLength: 2 });
const answerEvent = drawnEvent(fc.constantFrom(RESULT, FAILED));

const textOf = (events: readonly (readonly string[])[], end: string): string =>
  events
    .flat()
    .map((line) => line + end)
    .join('');

describe('the answer to a call in an event stream', () => {
  it('is the same wherever the stream is cut, and is there with the last byte of its event', () => {
    fc.assert(
      fc.property(before, answerEvent, after, lineEnd, pieces, (first, answer, last, end, cut) => {
        const head = Buffer.from(textOf([...first, answer], end));
        const stream = Buffer.concat([head, Buffer.from(textOf(last, end))]);
        const whole = follow([stream], false);
        expect(whole).toMatchObject({ there: true, resume: undefined });
        expect(whole.text).toBe(answer.at(-2)!.slice('data: '.length));
        const { needed: _, ...told } = whole;
        expect(follow(cut(stream), false)).toMatchObject(told);
        const single = follow(
          Array.from(head, (byte) => Buffer.from([byte])),
          false,
        );
        // The blank line is complete with its CR, whether an LF belongs to it or not.
        expect(single).toMatchObject({ ...told, needed: end === '\r\n' ? head.length - 1 : head.length });
      }),
      { numRuns: 300 },
    );
  });

  it('that is missing leaves the same failure wherever the stream is cut', () => {
    fc.assert(
      fc.property(before, fc.boolean(), lineEnd, pieces, (events, unfinished, end, cut) => {
        const stream = Buffer.from(textOf(events, end) + (unfinished ? `data: ${RESULT}${end}` : ''));
        const { needed: _, ...told } = follow([stream], true);
        expect(told).toMatchObject({ there: false, outcome: 'malformed', text: undefined });
        expect(follow(cut(stream), true)).toMatchObject(told);
        const strange = events.flat().some((line) => /no JSON|"id":99/.test(line));
        if (unfinished && !strange) expect(told.detail).toContain('no empty line follows');
      }),
      { numRuns: 300 },
    );
  });

  it('is read through a content encoding, also when its end is missing', () => {
    fc.assert(
      fc.property(before, answerEvent, pieces, (first, answer, cut) => {
        const stream = Buffer.from(textOf([...first, answer], '\n'));
        const { needed: _, ...told } = follow([stream], false);
        expect(follow(cut(gzipSync(stream)), false, 'gzip')).toMatchObject(told);
      }),
      { numRuns: 50 },
    );
  });
});
