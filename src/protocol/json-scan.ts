/** @module Scans JSON in bytes: finds the end of a value, provided that it is valid (RFC 8259). */
import { viewOf } from '../units/same-bytes.ts';
import { afterStringContent, UNSURE } from './string-scan.ts';

/** The scanner stops at deeper nesting, so that no body can overflow the stack. */
const DEEPEST = 64;

/** Longer strings are read by words; up to here, making a view for that takes longer (`classify.bench.ts`). */
const SHORT = 256;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LOWER_E = 0x65;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** Whether the bytes of `text` are at index `at`. */
export function holds(body: Buffer, at: number, text: Buffer): boolean {
  for (let i = 0; i < text.length; i += 1) if (body[at + i] !== text[i]) return false;
  return true;
}

/** The index after white space. `lines` says whether line breaks count as white space; within a line of an event stream they do not. */
export function afterWhitespace(body: Buffer, at: number, lines: boolean): number {
  let i = at;
  for (; i < body.length; i += 1) {
    const byte = body[i]!;
    if (byte > SPACE) return i;
    if (byte !== SPACE && byte !== TAB && !(lines && (byte === LF || byte === CR))) return i;
  }
  return i;
}

/** The index after the colon, and the white space around it, that follows a member's name. */
export function afterColon(body: Buffer, at: number, lines: boolean): number {
  const colon = afterWhitespace(body, at, lines);
  return body[colon] === COLON ? afterWhitespace(body, colon + 1, lines) : UNSURE;
}

/** The index after a string without escapes. */
export function afterPlainString(body: Buffer, at: number): number {
  if (body[at] !== QUOTE) return UNSURE;
  const end = body.length;
  for (let i = at + 1; i < end; i += 1) {
    const byte = body[i]!;
    if (byte > BACKSLASH) continue;
    if (byte === QUOTE) return i + 1;
    if (byte < SPACE || byte === BACKSLASH) return UNSURE;
  }
  return UNSURE;
}

/** The index after any value. */
export function afterValue(body: Buffer, at: number, lines: boolean, depth = 0): number {
  switch (body[at]) {
    case QUOTE:
      return afterString(body, at);
    case OPEN_OBJECT:
      return depth < DEEPEST ? afterObject(body, at, lines, depth + 1) : UNSURE;
    case OPEN_ARRAY:
      return depth < DEEPEST ? afterArray(body, at, lines, depth + 1) : UNSURE;
    case TRUE[0]:
      return holds(body, at, TRUE) ? at + TRUE.length : UNSURE;
    case FALSE[0]:
      return holds(body, at, FALSE) ? at + FALSE.length : UNSURE;
    case NULL[0]:
      return holds(body, at, NULL) ? at + NULL.length : UNSURE;
    default:
      return afterNumber(body, at);
  }
}

function afterString(body: Buffer, at: number): number {
  const end = Math.min(body.length, at + SHORT);
  let i = at + 1;
  for (; i < end; i += 1) {
    const byte = body[i]!;
    // Most letters are above all bytes that matter here, so one comparison skips them.
    if (byte > BACKSLASH) continue;
    if (byte === QUOTE) return i + 1;
    if (byte < SPACE) return UNSURE;
    if (byte === BACKSLASH) break;
  }
  return afterStringContent(viewOf(body), i, body.length);
}

function afterObject(body: Buffer, at: number, lines: boolean, depth: number): number {
  let i = afterWhitespace(body, at + 1, lines);
  if (body[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    if (body[i] !== QUOTE) return UNSURE;
    i = afterString(body, i);
    if (i === UNSURE) return UNSURE;
    i = afterColon(body, i, lines);
    if (i === UNSURE) return UNSURE;
    i = afterValue(body, i, lines, depth);
    if (i === UNSURE) return UNSURE;
    i = afterWhitespace(body, i, lines);
    if (body[i] === CLOSE_OBJECT) return i + 1;
    if (body[i] !== COMMA) return UNSURE;
    i = afterWhitespace(body, i + 1, lines);
  }
}

function afterArray(body: Buffer, at: number, lines: boolean, depth: number): number {
  let i = afterWhitespace(body, at + 1, lines);
  if (body[i] === CLOSE_ARRAY) return i + 1;
  for (;;) {
    i = afterValue(body, i, lines, depth);
    if (i === UNSURE) return UNSURE;
    i = afterWhitespace(body, i, lines);
    if (body[i] === CLOSE_ARRAY) return i + 1;
    if (body[i] !== COMMA) return UNSURE;
    i = afterWhitespace(body, i + 1, lines);
  }
}

function afterNumber(body: Buffer, at: number): number {
  let i = body[at] === MINUS ? at + 1 : at;
  i = body[i] === ZERO ? i + 1 : afterDigits(body, i);
  if (i !== UNSURE && body[i] === DOT) i = afterDigits(body, i + 1);
  if (i !== UNSURE && (body[i]! | 0x20) === LOWER_E) {
    const sign = body[i + 1] === PLUS || body[i + 1] === MINUS ? 1 : 0;
    i = afterDigits(body, i + 1 + sign);
  }
  return i;
}

/** The index after at least one digit. */
function afterDigits(body: Buffer, at: number): number {
  let i = at;
  while (body[i]! >= ZERO && body[i]! <= NINE) i += 1;
  return i === at ? UNSURE : i;
}
