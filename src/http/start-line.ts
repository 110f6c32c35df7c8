/** @module The first line of a message: the request line or the status line (RFC 9112, sections 3 and 4). */
import { ascii, CR, decimalOf, SLASH, SPACE, VALUE, VISIBLE, ZERO } from './bytes.ts';
import { BAD, lineEnd, UNFINISHED } from './line.ts';

const HTTP_1 = ascii('HTTP/1.');
/** Of a status line up to its text: `HTTP/1.1 200 `. */
const STATUS_BYTES = 13;
/** `HTTP/1.1` of a request line. */
const VERSION_BYTES = 8;
/** More than the longest registered name of a method. */
const METHOD_BYTES = 20;
const [UPPER_A, UPPER_Z] = [65, 90];

/** The second number of a version that is spoken. */
export type Minor = 0 | 1;

/** Reads status lines, one after the other; the fields describe the last one. */
export class StatusLine {
  minor: Minor = 1;
  /** 100 to 999. */
  status = 0;
  /** Where the text begins and ends; both are the same when there is none. */
  textFrom = 0;
  textTo = 0;

  /** Reads the line at `from`. Returns where the next line begins, {@link UNFINISHED} or, as early as possible, {@link BAD}. */
  read(bytes: Uint8Array, from: number, end: number): number {
    if (!begins(bytes, from, end, HTTP_1)) return BAD;
    if (end - from < STATUS_BYTES) return UNFINISHED;
    const minor = bytes[from + 7]! - ZERO;
    const status = decimalOf(bytes, from + 9, from + 12);
    const next = bytes[from + 12]!;
    if ((minor !== 0 && minor !== 1) || bytes[from + 8] !== SPACE || status < 100) return BAD;
    if (next !== SPACE && next !== CR) return BAD;
    let to = from + 12;
    while (to < end && VALUE[bytes[to]!] === 1) to += 1;
    this.minor = minor;
    this.status = status;
    this.textTo = to;
    this.textFrom = Math.min(from + STATUS_BYTES, to);
    return lineEnd(bytes, to, end);
  }
}

/**
 * Reads request lines, one after the other; the fields describe the last one. Methods are upper-case letters, targets
 * are paths: a reader that also takes `get`, or an absolute target beside a Host field, can be made to disagree with the next one.
 */
export class RequestLine {
  methodTo = 0;
  targetFrom = 0;
  targetTo = 0;
  /** `1` of HTTP/1.1; undefined when the version is another one than 1.0 and 1.1. */
  minor: Minor | undefined = 1;

  /** Reads the line at `from`. Returns where the next line begins, {@link UNFINISHED} or {@link BAD}. */
  read(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end && bytes[at]! >= UPPER_A && bytes[at]! <= UPPER_Z) at += 1;
    if (at === end) return UNFINISHED;
    if (at === from || at - from > METHOD_BYTES || bytes[at] !== SPACE) return BAD;
    this.methodTo = at;
    this.targetFrom = at + 1;
    at += 1;
    if (at < end && bytes[at] !== SLASH) return BAD;
    while (at < end && VISIBLE[bytes[at]!] === 1) at += 1;
    if (at === end) return UNFINISHED;
    if (bytes[at] !== SPACE) return BAD;
    this.targetTo = at;
    return this.#version(bytes, at + 1, end);
  }

  #version(bytes: Uint8Array, from: number, end: number): number {
    if (end - from < VERSION_BYTES) return UNFINISHED;
    if (!begins(bytes, from, end, HTTP) || bytes[from + 6] !== DOT) return BAD;
    const [major, minor] = [bytes[from + 5]! - ZERO, bytes[from + 7]! - ZERO];
    if (!isDigit(major) || !isDigit(minor)) return BAD;
    this.minor = major === 1 && (minor === 0 || minor === 1) ? minor : undefined;
    return lineEnd(bytes, from + VERSION_BYTES, end);
  }
}

const HTTP = ascii('HTTP/');
const DOT = 46;

const isDigit = (value: number): boolean => value >= 0 && value <= 9;

/** Whether the bytes so far can become, or begin with, `what`. */
function begins(bytes: Uint8Array, from: number, end: number, what: Uint8Array): boolean {
  const length = Math.min(end - from, what.length);
  for (let i = 0; i < length; i += 1) if (bytes[from + i] !== what[i]) return false;
  return true;
}
