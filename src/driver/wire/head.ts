/** @module The head of a response, line by line: a strict reading of RFC 9112, sections 3 to 6. */
import { COLON, CR, LF, quoted, SPACE, spells, TAB, type Texts, TOKEN, VALUE } from './bytes.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

const HTTP_1 = ascii('HTTP/1.');
const CONNECTION = ascii('connection');
const KEEP_ALIVE = ascii('keep-alive');
const CONTENT_TYPE = ascii('content-type');
const SERVER_TIMING = ascii('server-timing');
const CONTENT_LENGTH = ascii('content-length');
const SESSION_ID = ascii('mcp-session-id');
const AUTHENTICATE = ascii('www-authenticate');
const TRANSFER_ENCODING = ascii('transfer-encoding');
const CHUNKED = ascii('chunked');

/** Exact as a number, and more than anybody sends. */
const LENGTH_DIGITS = 15;
const ZERO = 48;

/** Of a status line up to its text: `HTTP/1.1 200 `. */
const STATUS_BYTES = 13;

/** Instead of a position: the line goes on in the next read. */
export const UNFINISHED = 0;
/** Instead of a position: no line of a head looks like that. */
export const BAD = -1;

/** What the lines of a head said. */
export class Head {
  readonly #texts: Texts;
  readonly #instanceHeader: Buffer;
  status = 0;
  statusText = '';
  /** Whether the connection may carry another exchange. */
  keepAlive = true;
  /** -1 when not stated. */
  contentLength = -1;
  chunked = false;
  contentType: string | undefined = undefined;
  servedBy: string | undefined = undefined;
  sessionId: string | undefined = undefined;
  serverTiming: string | undefined = undefined;
  /** `Keep-Alive`, such as `timeout=5`: how long the server lets the connection idle. */
  keepAliveHint: string | undefined = undefined;
  /** What was wrong with the line that was {@link BAD}. */
  fault = '';
  /** `WWW-Authenticate`. */
  challenge: string | undefined = undefined;

  constructor(texts: Texts, instanceHeader: string) {
    this.#texts = texts;
    this.#instanceHeader = ascii(instanceHeader.toLowerCase());
  }

  clear(): void {
    this.status = 0;
    this.statusText = '';
    this.keepAlive = true;
    this.contentLength = -1;
    this.chunked = false;
    this.contentType = undefined;
    this.servedBy = undefined;
    this.sessionId = undefined;
    this.serverTiming = undefined;
    this.challenge = undefined;
    this.keepAliveHint = undefined;
    this.fault = '';
  }

  /** Reads the status line at `from`. Gives where the next line begins, {@link UNFINISHED} or {@link BAD}. */
  statusLine(bytes: Buffer, from: number, end: number): number {
    if (!startsLikeHttp(bytes, from, end)) return this.#bad('not an HTTP/1.1 answer', bytes, from, end);
    if (end - from < STATUS_BYTES) return UNFINISHED;
    const minor = bytes[from + 7]! - ZERO;
    const status = digits(bytes, from + 9, from + 12);
    const next = bytes[from + 12]!;
    const right = (minor === 0 || minor === 1) && bytes[from + 8] === SPACE && status >= 100;
    if (!right || (next !== SPACE && next !== CR)) return this.#bad('bad status line', bytes, from, end);
    let stop = from + 12;
    while (stop < end && VALUE[bytes[stop]!] === 1) stop += 1;
    const after = lineEnd(bytes, stop, end);
    if (after === UNFINISHED) return UNFINISHED;
    if (after === BAD) return this.#bad('bad status line', bytes, from, end);
    this.status = status;
    this.keepAlive = minor === 1;
    this.statusText = stop - from > STATUS_BYTES ? this.#texts.of(bytes, from + STATUS_BYTES, stop) : '';
    return after;
  }

  /** Reads the header line at `from`. Gives where the next line begins, {@link UNFINISHED} or {@link BAD}. */
  field(bytes: Buffer, from: number, end: number): number {
    let colon = from;
    while (colon < end && TOKEN[bytes[colon]!] === 1) colon += 1;
    if (colon === end) return UNFINISHED;
    if (colon === from || bytes[colon] !== COLON) return this.#bad('bad header line', bytes, from, end);
    let stop = colon + 1;
    while (stop < end && VALUE[bytes[stop]!] === 1) stop += 1;
    const after = lineEnd(bytes, stop, end);
    if (after === UNFINISHED) return UNFINISHED;
    if (after === BAD) return this.#bad('bad header line', bytes, from, end);
    let start = colon + 1;
    while (start < stop && isSpace(bytes[start]!)) start += 1;
    while (stop > start && isSpace(bytes[stop - 1]!)) stop -= 1;
    const length = colon - from;
    if (length === this.#instanceHeader.length && spells(bytes, from, this.#instanceHeader)) {
      this.servedBy = this.#texts.of(bytes, start, stop);
    }
    const fault = this.#take(bytes, from, length, start, stop);
    if (fault === undefined) return after;
    this.fault = fault;
    return BAD;
  }

  #take(bytes: Buffer, from: number, length: number, start: number, stop: number): string | undefined {
    switch (length) {
      case 10:
        if (spells(bytes, from, CONNECTION)) this.#connection(bytes, start, stop);
        else if (spells(bytes, from, KEEP_ALIVE)) this.keepAliveHint = this.#texts.of(bytes, start, stop);
        break;
      case 12:
        if (spells(bytes, from, CONTENT_TYPE)) this.contentType = this.#texts.of(bytes, start, stop);
        break;
      case 13:
        if (spells(bytes, from, SERVER_TIMING)) this.#serverTiming(bytes, start, stop);
        break;
      case 14:
        if (spells(bytes, from, CONTENT_LENGTH)) return this.#contentLength(bytes, start, stop);
        if (spells(bytes, from, SESSION_ID)) this.sessionId = this.#texts.of(bytes, start, stop);
        break;
      case 16:
        if (spells(bytes, from, AUTHENTICATE)) this.challenge = bytes.toString('latin1', start, stop);
        break;
      case 17:
        if (spells(bytes, from, TRANSFER_ENCODING)) return this.#transferEncoding(bytes, start, stop);
        break;
    }
    return undefined;
  }

  #bad(what: string, bytes: Buffer, from: number, end: number): number {
    this.fault = `${what}: ${quoted(bytes, from, end)}`;
    return BAD;
  }

  #serverTiming(bytes: Buffer, start: number, stop: number): void {
    const text = this.#texts.of(bytes, start, stop);
    this.serverTiming = this.serverTiming === undefined ? text : `${this.serverTiming}, ${text}`;
  }

  #connection(bytes: Buffer, start: number, stop: number): void {
    if (stop - start === 10 && spells(bytes, start, KEEP_ALIVE)) {
      this.keepAlive = true;
      return;
    }
    const options = bytes
      .toString('latin1', start, stop)
      .toLowerCase()
      .split(/[ \t]*,[ \t]*/);
    if (options.includes('close')) this.keepAlive = false;
    else if (options.includes('keep-alive')) this.keepAlive = true;
  }

  #contentLength(bytes: Buffer, start: number, stop: number): string | undefined {
    if (this.contentLength >= 0) return 'content-length stated twice';
    if (this.chunked) return 'both content-length and transfer-encoding';
    const length = stop - start > LENGTH_DIGITS || stop === start ? -1 : digits(bytes, start, stop);
    if (length < 0) return `content-length ${quoted(bytes, start, stop)}`;
    this.contentLength = length;
    return undefined;
  }

  /** Only `chunked` is taken: no other coding was offered in the request (RFC 9112, section 7). */
  #transferEncoding(bytes: Buffer, start: number, stop: number): string | undefined {
    if (this.contentLength >= 0) return 'both content-length and transfer-encoding';
    if (this.chunked || stop - start !== CHUNKED.length || !spells(bytes, start, CHUNKED)) {
      return `transfer-encoding ${quoted(bytes, start, stop)}`;
    }
    this.chunked = true;
    return undefined;
  }
}

/** Where the line after the line end at `at` begins. */
export function lineEnd(bytes: Buffer, at: number, end: number): number {
  if (at === end) return UNFINISHED;
  if (bytes[at] !== CR) return BAD;
  if (at + 1 === end) return UNFINISHED;
  return bytes[at + 1] === LF ? at + 2 : BAD;
}

/** Whether the bytes so far can become a status line. */
function startsLikeHttp(bytes: Buffer, from: number, end: number): boolean {
  const stop = Math.min(end - from, HTTP_1.length);
  for (let i = 0; i < stop; i += 1) if (bytes[from + i] !== HTTP_1[i]) return false;
  return true;
}

/** The number that the digits in [`from`, `to`) spell; -1 when one of them is none. */
function digits(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const isSpace = (byte: number): boolean => byte === SPACE || byte === TAB;
