/** @module A strict, incremental reader of HTTP/1.1 responses: bytes in pieces of any size in, one answer at a time out. */
import type { Answer } from '../../protocol/answer.ts';
import { HEAD_LIMIT } from '../failure.ts';
import { Body } from './body.ts';
import { CR, LF, type Texts } from './bytes.ts';
import { Chunks } from './chunks.ts';
import { BAD, Head, lineEnd, UNFINISHED } from './head.ts';
import { HeadMemory } from './head-memory.ts';

const EMPTY = Buffer.alloc(0);

/** Where the reader stands. */
export const READING_HEAD = 0;
const READING_LENGTH = 1;
const READING_CHUNKS = 2;
/** The body ends with the connection. */
export const READING_TO_END = 3;
export const COMPLETE = 4;
export const BROKEN = 5;

/** Reads the responses of one connection to requests other than HEAD and CONNECT. Never throws on any input. */
export class ResponseReader {
  /** What the head of this response said so far. */
  head: Head;
  readonly body: Body;
  /** The one of the two heads that is not in use. */
  #otherHead: Head;
  readonly #memory = new HeadMemory();
  /** What the remembered bytes said. */
  #remembered: Head | undefined = undefined;
  readonly #chunks = new Chunks();
  /** The beginning of a line whose end has not come yet. */
  #pending: Buffer = EMPTY;
  #headBytes = 0;
  #statusSeen = false;
  #left = 0;
  readonly #answer: { -readonly [Key in keyof Answer]: Answer[Key] } = {
    status: 0,
    statusText: '',
    contentType: undefined,
    body: EMPTY,
  };
  state = READING_HEAD;
  /** Why the state is {@link BROKEN}. */
  fault = '';

  /** @param keepBody - whether bodies are wanted, or only counted. */
  constructor(texts: Texts, instanceHeader: string, keepBody = true) {
    this.head = new Head(texts, instanceHeader);
    this.#otherHead = new Head(texts, instanceHeader);
    this.body = new Body(keepBody);
  }

  /** Makes ready for the next response. */
  clear(): void {
    if (this.head === this.#remembered) this.#exchangeHeads();
    this.head.clear();
    this.body.clear();
    if (this.#pending.length > 0) this.#pending = EMPTY;
    this.#headBytes = 0;
    this.#statusSeen = false;
    this.state = READING_HEAD;
  }

  /**
   * Reads [`at`, `end`) up to the end of one response; gives the position after it. What lies beyond is not this
   * response's. Bodies are views of `bytes` where possible: use them before `bytes` changes.
   */
  read(bytes: Buffer, at: number, end: number): number {
    let position = at;
    while (position < end && this.state < COMPLETE) {
      if (this.state === READING_HEAD) position = this.#readHead(bytes, position, end);
      else if (this.state === READING_LENGTH) position = this.#readLength(bytes, position, end);
      else if (this.state === READING_CHUNKS) position = this.#readChunks(bytes, position, end);
      else {
        this.body.append(bytes, position, end);
        position = end;
      }
    }
    if (this.state < COMPLETE) this.body.hold();
    return position;
  }

  /** The connection has ended. Whether that completes the response. */
  finish(): boolean {
    if (this.state === READING_TO_END) this.state = COMPLETE;
    return this.state === COMPLETE;
  }

  /** The complete response, for {@link classify}. The object and its body are used again for the next one. */
  answer(): Answer {
    const answer = this.#answer;
    answer.status = this.head.status;
    answer.statusText = this.head.statusText;
    answer.contentType = this.head.contentType;
    answer.body = this.body.bytes();
    return answer;
  }

  /** Reads lines as long as they are whole. */
  #readHead(bytes: Buffer, at: number, end: number): number {
    if (this.#pending.length > 0) return this.#readPending(bytes, at, end);
    if (this.#headBytes === 0) {
      const length = this.#memory.repeated(bytes, at, end);
      if (length > 0) {
        this.#exchangeHeads();
        this.#count(length);
        this.#endHead();
        return at + length;
      }
    }
    let start = at;
    while (this.state === READING_HEAD && start < end) {
      const next = this.#line(bytes, start, end);
      if (next === UNFINISHED) {
        this.#pending = Buffer.from(bytes.subarray(start, end));
        this.#count(0);
        return end;
      }
      if (next === BAD) return end;
      this.#count(next - start);
      start = next;
    }
    const whole = this.#headBytes === start - at && this.state !== READING_HEAD && this.state !== BROKEN;
    if (whole && this.#memory.keep(bytes, at, start)) this.#remembered = this.head;
    return start;
  }

  #exchangeHeads(): void {
    const head = this.head;
    this.head = this.#otherHead;
    this.#otherHead = head;
  }

  /** Completes the line whose beginning is pending. */
  #readPending(bytes: Buffer, at: number, end: number): number {
    const found = bytes.indexOf(LF, at);
    const stop = found < 0 || found >= end ? end : found + 1;
    const line = Buffer.concat([this.#pending, bytes.subarray(at, stop)]);
    const next = this.#line(line, 0, line.length);
    this.#pending = next === UNFINISHED ? line : EMPTY;
    this.#count(Math.max(next, 0));
    return stop;
  }

  /** Takes the line at `from`. Gives where the next one begins, UNFINISHED or BAD. */
  #line(bytes: Buffer, from: number, end: number): number {
    let next: number;
    if (!this.#statusSeen) {
      next = this.head.statusLine(bytes, from, end);
      this.#statusSeen = next > 0;
    } else if (bytes[from] === CR) {
      next = lineEnd(bytes, from, end);
      if (next > 0) this.#endHead();
    } else next = this.head.field(bytes, from, end);
    if (next === BAD) this.#break(this.head.fault === '' ? 'CR without LF' : this.head.fault);
    return next;
  }

  #count(bytes: number): void {
    this.#headBytes += bytes;
    if (this.#headBytes + this.#pending.length > HEAD_LIMIT)
      this.#break(`head of more than ${HEAD_LIMIT} bytes`);
  }

  /** Decides how the body is framed (RFC 9112, section 6.3). */
  #endHead(): void {
    const { status, contentLength, chunked } = this.head;
    if (status === 101) this.#break('101 Switching Protocols, which nobody asked for');
    else if (status < 200 && !this.head.keepAlive)
      this.#break('an interim response that ends the connection');
    else if (status < 200) {
      // An interim response; the limit goes on counting, so that they cannot go on for ever.
      this.head.clear();
      this.#statusSeen = false;
    } else if (status === 204 || status === 304 || contentLength === 0) this.state = COMPLETE;
    else if (chunked) {
      this.#chunks.clear();
      this.state = READING_CHUNKS;
    } else if (contentLength > 0) {
      this.#left = contentLength;
      this.state = READING_LENGTH;
    } else {
      this.head.keepAlive = false;
      this.state = READING_TO_END;
    }
  }

  #readLength(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left);
    this.body.append(bytes, at, stop);
    this.#left -= stop - at;
    if (this.#left === 0) this.state = COMPLETE;
    return stop;
  }

  #readChunks(bytes: Buffer, at: number, end: number): number {
    const stop = this.#chunks.read(bytes, at, end, this.body);
    if (this.#chunks.fault !== '') this.#break(this.#chunks.fault);
    else if (this.#chunks.done) this.state = COMPLETE;
    return stop;
  }

  #break(fault: string): void {
    this.state = BROKEN;
    this.fault = fault;
  }
}
