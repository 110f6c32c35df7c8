/** @module Recognises an ordinary successful answer in its bytes, without parsing it into objects. */
import type { BodyKind } from './answer.ts';
import { afterColon, afterPlainString, afterValue, afterWhitespace, holds } from './json-scan.ts';
import { UNSURE } from './string-scan.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const DATA = Buffer.from('data:');
const JSONRPC = Buffer.from('"jsonrpc"');
const VERSION = Buffer.from('"2.0"');
const ID = Buffer.from('"id"');
const RESULT = Buffer.from('"result"');
const ERROR = Buffer.from('"error"');
const METHOD = Buffer.from('"method"');
const RESULT_TYPE = Buffer.from('"resultType"');
const COMPLETE = Buffer.from('"complete"');
const IS_ERROR = Buffer.from('"isError"');
const FALSE = Buffer.from('false');

/** Members seen so far, as bits. A member may occur twice; each occurrence must be valid, so the last one is, too. */
const SEEN_VERSION = 1;
const SEEN_ID = 2;
const SEEN_RESULT = 4;

/**
 * Whether `body` is certainly one complete JSON-RPC answer to `id` whose result is complete and without error. `false` only means
 * that it is not certain. The whole text is checked against the grammar, so a truncated or damaged answer never passes. Members
 * count only at their proper level, so text within the content cannot imitate them. Rare forms (escapes in a name, several
 * events) are left to the full parser.
 */
export function isPlainlyGood(
  body: Buffer,
  kind: Exclude<BodyKind, 'other'>,
  id: string | number,
  checkIds: boolean,
): boolean {
  const wanted = checkIds ? id : undefined;
  if (kind === 'events') return isOneGoodEvent(body, wanted);
  const end = afterMessage(body, afterWhitespace(body, 0, true), wanted, true);
  return end !== UNSURE && afterWhitespace(body, end, true) === body.length;
}

/** Whether the stream consists of lines without data, one data line with the answer, and a blank line at the end. */
function isOneGoodEvent(body: Buffer, id: string | number | undefined): boolean {
  let at = 0;
  while (at < body.length && body[at] !== DATA[0]) {
    const end = body.indexOf(LF, at);
    if (end === -1) return false;
    // CR alone also ends a line. It is harmless before LF, and rare elsewhere.
    for (let i = at; i < end - 1; i += 1) if (body[i] === CR) return false;
    at = end + 1;
  }
  if (!holds(body, at, DATA)) return false;
  at += DATA.length;
  if (body[at] === SPACE) at += 1;
  const end = afterMessage(body, at, id, false);
  if (end === UNSURE) return false;
  const blank = afterLineEnd(body, end);
  return blank !== UNSURE && afterLineEnd(body, blank) === body.length;
}

function afterLineEnd(body: Buffer, at: number): number {
  if (body[at] === LF) return at + 1;
  return body[at] === CR && body[at + 1] === LF ? at + 2 : UNSURE;
}

/** The index after a successful message whose opening brace is at `at`. With `id` undefined, any id or none is accepted. */
function afterMessage(body: Buffer, at: number, id: string | number | undefined, lines: boolean): number {
  if (body[at] !== OPEN) return UNSURE;
  let seen = id === undefined ? SEEN_ID : 0;
  let i = at;
  do {
    const name = afterWhitespace(body, i + 1, lines);
    const nameEnd = afterPlainString(body, name);
    if (nameEnd === UNSURE) return UNSURE;
    const value = afterColon(body, nameEnd, lines);
    if (value === UNSURE) return UNSURE;
    if (holds(body, name, JSONRPC)) {
      seen |= SEEN_VERSION;
      i = holds(body, value, VERSION) ? value + VERSION.length : UNSURE;
    } else if (id !== undefined && holds(body, name, ID)) {
      seen |= SEEN_ID;
      i = afterId(body, value, id);
    } else if (holds(body, name, RESULT)) {
      seen |= SEEN_RESULT;
      i = afterResult(body, value, lines);
    } else if (holds(body, name, ERROR) || holds(body, name, METHOD)) {
      return UNSURE;
    } else {
      i = afterValue(body, value, lines);
    }
    if (i === UNSURE) return UNSURE;
    i = afterWhitespace(body, i, lines);
  } while (body[i] === COMMA);
  const whole = seen === (SEEN_VERSION | SEEN_ID | SEEN_RESULT);
  return whole && body[i] === CLOSE ? i + 1 : UNSURE;
}

/** The index after a result that is complete and not an error. */
function afterResult(body: Buffer, at: number, lines: boolean): number {
  if (body[at] !== OPEN) return UNSURE;
  const first = afterWhitespace(body, at + 1, lines);
  if (body[first] === CLOSE) return first + 1;
  let i = at;
  do {
    const name = afterWhitespace(body, i + 1, lines);
    const nameEnd = afterPlainString(body, name);
    if (nameEnd === UNSURE) return UNSURE;
    const value = afterColon(body, nameEnd, lines);
    if (value === UNSURE) return UNSURE;
    if (holds(body, name, RESULT_TYPE)) {
      i = holds(body, value, COMPLETE) ? value + COMPLETE.length : UNSURE;
    } else if (holds(body, name, IS_ERROR)) {
      i = holds(body, value, FALSE) ? value + FALSE.length : UNSURE;
    } else {
      i = afterValue(body, value, lines, 1);
    }
    if (i === UNSURE) return UNSURE;
    i = afterWhitespace(body, i, lines);
  } while (body[i] === COMMA);
  return body[i] === CLOSE ? i + 1 : UNSURE;
}

/** The index after the id, if it equals `id` and is written as digits or as a string without escapes. */
function afterId(body: Buffer, at: number, id: string | number): number {
  if (typeof id === 'string') {
    const end = at + 1 + id.length;
    if (body[at] !== QUOTE || body[end] !== QUOTE) return UNSURE;
    for (let i = 0; i < id.length; i += 1) {
      const code = id.charCodeAt(i);
      if (code < SPACE || code > 0x7e || code === QUOTE || code === BACKSLASH) return UNSURE;
      if (body[at + 1 + i] !== code) return UNSURE;
    }
    return end + 1;
  }
  let i = at;
  let value = 0;
  for (; body[i]! >= ZERO && body[i]! <= ZERO + 9; i += 1) value = value * 10 + body[i]! - ZERO;
  const canonical = i > at && i - at <= 15 && (body[at] !== ZERO || i - at === 1);
  // If a fraction or an exponent follows, the caller finds neither comma nor brace.
  return canonical && value === id ? i : UNSURE;
}
