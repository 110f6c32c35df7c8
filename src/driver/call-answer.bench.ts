/**
 * @module What it costs to follow an answer to its end, beside its classification: in JSON, and in an event stream that ends
 * with the event or later.
 */
import { bench, describe } from 'vitest';
import { classify } from '../protocol/classify.ts';
import { AnswerBody } from './answer-body.ts';
import type { AnswerFields } from './answer-fields.ts';
import { type Asked, CallAnswer } from './call-answer.ts';
import { call } from './raw-server.case.ts';

const ASKED: Asked = { request: call(7), keepBody: false, onMessage: undefined };
const JSON_TEXT =
  '{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","content":[{"type":"text","text":"hi"}]}}';
const EVENT = `event: message\ndata: ${JSON_TEXT}\n\n`;

const fieldsOf = (contentType: string): AnswerFields => ({
  status: 200,
  statusText: 'OK',
  contentType,
  contentEncoding: undefined,
  challenge: undefined,
  location: undefined,
  setCookies: undefined,
});

describe.each([
  ['application/json', JSON_TEXT],
  ['text/event-stream', EVENT],
])('an answer in %s', (contentType, text) => {
  const bytes = Buffer.from(text);
  const fields = fieldsOf(contentType);
  const answer = { ...fields, body: bytes };
  const follow = new CallAnswer(true);
  const body = new AnswerBody();

  bench('classified', () => {
    classify(answer, ASKED.request, true);
  });
  bench('that ends with its body', () => {
    follow.clear();
    body.clear();
    body.append(bytes, 0, bytes.length);
    follow.end(ASKED, fields, body);
  });
  bench('whose body ends in a later read', () => {
    follow.clear();
    body.clear();
    body.append(bytes, 0, bytes.length);
    body.hold();
    if (!follow.read(ASKED, fields, body)) follow.end(ASKED, fields, body);
  });
});
