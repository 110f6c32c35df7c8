/** @module What makes a response of HTTP/2 well formed (RFC 9113, sections 8.1 to 8.3 and 8.6). */
import type { Http2Fault } from './fault.ts';
import type { FieldSink } from './hpack-decoder.ts';

/** Interim responses before a final one; more are refused. */
const INTERIM_LIMIT = 16;
const CONTENT_LENGTH = 'content-length';
const STATUS = /^[1-9]\d\d$/;
const DIGITS = /^\d{1,15}$/;
const COLON = 58;
/** The first status of a response that is not an interim one. */
const FINAL = 200;

/** What a header block was. */
export type BlockKind = 'interim' | 'head' | 'trailers';

/**
 * Follows one response after the other. Give it the fields of each header block, then {@link ResponseRules.endBlock}, and
 * {@link ResponseRules.data} for each piece of data. It hands the fields of the final head to the next sink, without `:status`;
 * those of interim heads and of trailers are checked, and left out unless all are asked for. A malformed response is an error of its
 * stream only.
 */
export class ResponseRules implements FieldSink {
  readonly #next: FieldSink;
  /** Fields are handed on from blocks of this status on; trailers have none (0). */
  readonly #from: number;
  #part: 'start' | 'body' | 'done' = 'start';
  /** Of the block that is being read. */
  #regular = false;
  #blockStatus = 0;
  #interims = 0;
  /** Bytes of data that must come; -1: any number. */
  #contentLength = -1;
  #received = 0;
  #toHead = false;
  #fault: Http2Fault | undefined = undefined;
  /** Of the last head, an interim or the final one; 0 before it. */
  status = 0;
  /** What the last complete header block was. */
  block: BlockKind = 'interim';

  constructor(next: FieldSink, fields: 'head' | 'all' = 'head') {
    this.#next = next;
    this.#from = fields === 'head' ? FINAL : 0;
  }

  /** Makes ready for the next response; `toHead`: to a request with HEAD. */
  clear(toHead = false): void {
    this.#toHead = toHead;
    this.#part = 'start';
    this.#interims = 0;
    this.#contentLength = -1;
    this.#received = 0;
    this.#fault = undefined;
    this.#regular = false;
    this.#blockStatus = 0;
    this.status = 0;
  }

  field(name: string, value: string, sound: boolean): void {
    if (!sound) this.#fault ??= 'field';
    else if (name.charCodeAt(0) === COLON) this.#pseudo(name, value);
    else {
      this.#regular = true;
      if (name === CONTENT_LENGTH) this.#takeLength(value);
      else if (isConnectionField(name)) this.#fault ??= 'connection-field';
      if (this.#blockStatus >= this.#from) this.#next.field(name, value, true);
    }
  }

  /** The header block is complete; {@link block} says what it was. Returns why the response is malformed. */
  endBlock(endStream: boolean): Http2Fault | undefined {
    const status = this.#blockStatus;
    this.#regular = false;
    this.#blockStatus = 0;
    if (this.#fault !== undefined) return this.#fault;
    if (this.#part !== 'start') return this.#endTrailers(endStream);
    // 101 Switching Protocols does not exist in HTTP/2.
    if (status === 0 || status === 101) return 'status';
    this.status = status;
    if (status < FINAL) return this.#endInterim(endStream);
    this.block = 'head';
    // They have no data, whatever their length says: 304 and answers to HEAD state that of what they do not send (RFC 9110, section 8.6).
    if (this.#toHead || status === 204 || status === 304) this.#contentLength = 0;
    this.#part = 'body';
    return endStream ? this.#endStream() : undefined;
  }

  /** Takes a piece of data, without padding. Returns why the response is malformed. */
  data(bytes: number, endStream: boolean): Http2Fault | undefined {
    if (this.#part !== 'body') return 'data-early';
    this.#received += bytes;
    if (this.#contentLength >= 0 && this.#received > this.#contentLength) return 'content-length';
    return endStream ? this.#endStream() : undefined;
  }

  #pseudo(name: string, value: string): void {
    const known = name === ':status' && this.#part === 'start';
    if (!known || this.#regular || this.#blockStatus > 0) this.#fault ??= 'pseudo-field';
    else if (value === '200') this.#blockStatus = 200;
    else if (STATUS.test(value)) this.#blockStatus = Number(value);
    else this.#fault ??= 'status';
  }

  #takeLength(value: string): void {
    if (this.#part !== 'start') return;
    const length = DIGITS.test(value) ? Number(value) : -1;
    if (length < 0 || (this.#contentLength >= 0 && this.#contentLength !== length))
      this.#fault ??= 'content-length';
    this.#contentLength = length;
  }

  #endInterim(endStream: boolean): Http2Fault | undefined {
    if (endStream) return 'interim-end';
    this.block = 'interim';
    this.#interims += 1;
    this.#contentLength = -1;
    return this.#interims > INTERIM_LIMIT ? 'interim-count' : undefined;
  }

  #endTrailers(endStream: boolean): Http2Fault | undefined {
    this.block = 'trailers';
    return endStream && this.#part === 'body' ? this.#endStream() : 'trailers';
  }

  #endStream(): Http2Fault | undefined {
    this.#part = 'done';
    const stated = this.#contentLength;
    return stated >= 0 && this.#received !== stated ? 'content-length' : undefined;
  }
}

/** Whether the field is about a connection, which HTTP/2 does not have. By length first: this is asked for every field. */
function isConnectionField(name: string): boolean {
  switch (name.length) {
    case 7:
      return name === 'upgrade';
    case 10:
      return name === 'connection' || name === 'keep-alive';
    case 16:
      return name === 'proxy-connection';
    case 17:
      return name === 'transfer-encoding';
    default:
      return false;
  }
}
