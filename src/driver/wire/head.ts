/** @module The head of a response, line by line: a strict reading of RFC 9112, sections 3 to 6. */
import { COLON, quoted, SPACE, spells, TAB, type Texts, TOKEN, VALUE } from './bytes.ts';

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
const NINE = 57;

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
  }

  /** Takes the first line, [`from`, `to`) without CR LF. Gives what is wrong with it, or nothing. */
  statusLine(bytes: Buffer, from: number, to: number): string | undefined {
    const minor = bytes[from + 7]!;
    const [a, b, c] = [bytes[from + 9]! - ZERO, bytes[from + 10]! - ZERO, bytes[from + 11]! - ZERO];
    const right =
      to - from >= 12 &&
      startsLikeHttp(bytes, from, to) &&
      (minor === ZERO || minor === ZERO + 1) &&
      bytes[from + 8] === SPACE &&
      a >= 1 &&
      a <= 9 &&
      b >= 0 &&
      b <= 9 &&
      c >= 0 &&
      c <= 9 &&
      (to - from === 12 || bytes[from + 12] === SPACE) &&
      valid(bytes, from + 12, to);
    if (!right) return `not an HTTP/1.1 answer: ${quoted(bytes, from, to)}`;
    this.status = a * 100 + b * 10 + c;
    this.keepAlive = minor !== ZERO;
    this.statusText = to - from > 13 ? this.#texts.of(bytes, from + 13, to) : '';
    return undefined;
  }

  /** Takes a header line, [`from`, `to`) without CR LF. Gives what is wrong with it, or nothing. */
  field(bytes: Buffer, from: number, to: number): string | undefined {
    let colon = from;
    while (colon < to && TOKEN[bytes[colon]!] === 1) colon += 1;
    if (colon === from || colon === to || bytes[colon] !== COLON || !valid(bytes, colon, to)) {
      return `bad header line: ${quoted(bytes, from, to)}`;
    }
    let start = colon + 1;
    let stop = to;
    while (start < stop && isSpace(bytes[start]!)) start += 1;
    while (stop > start && isSpace(bytes[stop - 1]!)) stop -= 1;
    const length = colon - from;
    if (length === this.#instanceHeader.length && spells(bytes, from, this.#instanceHeader)) {
      this.servedBy = this.#texts.of(bytes, start, stop);
    }
    return this.#take(bytes, from, length, start, stop);
  }

  #take(bytes: Buffer, from: number, length: number, start: number, stop: number): string | undefined {
    switch (length) {
      case 10:
        if (spells(bytes, from, CONNECTION)) this.#connection(bytes, start, stop);
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
    let length = 0;
    for (let i = start; i < stop; i += 1) {
      const byte = bytes[i]!;
      if (byte < ZERO || byte > NINE) return `content-length ${quoted(bytes, start, stop)}`;
      length = length * 10 + byte - ZERO;
    }
    if (stop === start || stop - start > LENGTH_DIGITS) return `content-length ${quoted(bytes, start, stop)}`;
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

/** Whether the bytes so far can become a status line. */
export function startsLikeHttp(bytes: Buffer, from: number, to: number): boolean {
  const stop = Math.min(to - from, HTTP_1.length);
  for (let i = 0; i < stop; i += 1) if (bytes[from + i] !== HTTP_1[i]) return false;
  return true;
}

function valid(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (VALUE[bytes[i]!] === 0) return false;
  return true;
}

const isSpace = (byte: number): boolean => byte === SPACE || byte === TAB;
