/** @module A strict, incremental reader of HTTP/1.1 responses: bytes in pieces of any size in, one answer at a time out. */

import { BodyReader } from '../../http/body-reader.ts';
import { CR, LF } from '../../http/bytes.ts';
import { describeFault } from '../../http/fault.ts';
import { HeadMemory } from '../../http/head-memory.ts';
import { BAD, lineEnd, UNFINISHED } from '../../http/line.ts';
import type { Answer } from '../../protocol/answer.ts';
import { AnswerBody } from '../answer-body.ts';
import { HEAD_LIMIT } from '../failure.ts';
import type { LargeMemory } from '../large-memory.ts';
import { AnswerHead } from './answer-head.ts';
import { quoted, type Texts } from './texts.ts';

const EMPTY = Buffer.alloc(0);

/** Where the reader stands. */
export const READING_HEAD = 0;
const READING_BODY = 1;
/** The body ends with the connection. */
export const READING_TO_END = 2;
export const COMPLETE = 3;
export const BROKEN = 4;

/** Reads the responses of one connection to requests other than HEAD and CONNECT. Never throws on any input. */
export class ResponseReader {
  /** What the head of this response said so far. */
  head: AnswerHead;
  readonly body: AnswerBody;
  /** The one of the two heads that is not in use. */
  #otherHead: AnswerHead;
  readonly #memory = new HeadMemory();
  /** What the remembered bytes said. */
  #remembered: AnswerHead | undefined = undefined;
  readonly #bodyReader = new BodyReader();
  /** The beginning of a line whose end has not come yet. */
  #pending: Buffer = EMPTY;
  #headBytes = 0;
  #statusSeen = false;
  /** Nothing has been read since {@link clear}: the head is still that of the last response. */
  #isNew = true;
  readonly #answer: { -readonly [Key in keyof Answer]: Answer[Key] } = {
    status: 0,
    statusText: '',
    contentType: undefined,
    body: EMPTY,
  };
  state = READING_HEAD;
  /** Why the state is {@link BROKEN}. */
  fault = '';

  /** @param large - memory that bodies share; absent: none is shared. */
  constructor(texts: Texts, instanceHeader: string, timingHeader?: string, large?: LargeMemory) {
    this.body = new AnswerBody(large);
    this.head = new AnswerHead(texts, instanceHeader, timingHeader);
    this.#otherHead = new AnswerHead(texts, instanceHeader, timingHeader);
  }

  /** Makes ready for the next response. */
  clear(): void {
    this.#isNew = true;
    this.state = READING_HEAD;
  }

  /** What is left to be done of it when the next response is not a whole one with the head of the last one. */
  #clearAll(): void {
    this.#isNew = false;
    if (this.head === this.#remembered) this.#exchangeHeads();
    this.head.clear();
    this.body.clear();
    if (this.#pending.length > 0) this.#pending = EMPTY;
    this.#headBytes = 0;
    this.#statusSeen = false;
  }

  /**
   * Reads [`at`, `end`) up to the end of one response; returns the position after it. What lies beyond is not this response's.
   * Bodies are views of `bytes` where possible: use them before `bytes` changes.
   */
  read(bytes: Buffer, at: number, end: number): number {
    let position = at;
    if (this.#isNew && end > at) position = this.#begin(bytes, at, end);
    while (position < end && this.state < COMPLETE) {
      if (this.state === READING_HEAD) position = this.#readHead(bytes, position, end);
      else position = this.#readBody(bytes, position, end);
    }
    if (this.state < COMPLETE) this.body.hold();
    return position;
  }

  /** The connection has ended. Whether that completes the response. */
  finish(): boolean {
    if (this.state === READING_TO_END) this.state = COMPLETE;
    return this.state === COMPLETE;
  }

  /** The complete response, for {@link classify}. The object and its body are reused for the next one. */
  answer(): Answer {
    const answer = this.#answer;
    answer.status = this.head.status;
    answer.statusText = this.head.statusText;
    answer.contentType = this.head.contentType;
    answer.body = this.body.bytes();
    return answer;
  }

  /** Reads the head of a response if it repeats the remembered one, and its body if all of it is there. Returns where it ends. */
  #begin(bytes: Buffer, at: number, end: number): number {
    const memory = this.#memory;
    const length = memory.repeated(bytes, at, end);
    if (length === 0) {
      this.#clearAll();
      return at;
    }
    this.#isNew = false;
    this.body.clear();
    if (this.head !== this.#remembered) this.#exchangeHeads();
    const { head } = this;
    const from = at + length;
    if (head.lengthTo === 0) {
      this.#beginBody();
      return from;
    }
    const to = from + memory.bodyLength;
    head.bodyEnd = memory.bodyLength;
    if (to > end) {
      this.#beginBody();
      return from;
    }
    this.body.append(bytes, from, to);
    this.state = COMPLETE;
    return to;
  }

  /** Reads lines as long as they are whole. */
  #readHead(bytes: Buffer, at: number, end: number): number {
    if (this.#pending.length > 0) return this.#readPending(bytes, at, end);
    const next = this.#readLines(bytes, at, end);
    const whole = this.#headBytes === next - at && this.state !== READING_HEAD && this.state !== BROKEN;
    if (whole) this.#remember(bytes, at, next);
    return next;
  }

  #remember(bytes: Buffer, from: number, to: number): void {
    const { head } = this;
    // Only then does the length say where the body ends.
    if (head.bodyEnd === 0) head.lengthTo = 0;
    const kept =
      head.lengthTo === 0
        ? this.#memory.keep(bytes, from, to)
        : this.#memory.keep(bytes, from, to, head.lengthFrom, head.lengthTo);
    if (kept) this.#remembered = head;
  }

  /**
   * Reads whole lines up to the end of the head, and keeps the beginning of another. Returns where the head, or the piece,
   * ends.
   */
  #readLines(bytes: Buffer, at: number, end: number): number {
    let start = at;
    while (this.state === READING_HEAD && start < end) {
      const next = this.#statusSeen ? this.#fields(bytes, start, end) : this.#status(bytes, start, end);
      if (next === BAD) return end;
      if (next === UNFINISHED) {
        this.#pending = Buffer.from(bytes.subarray(start, end));
        this.#count(0);
        return end;
      }
      this.#count(next - start);
      start = next;
    }
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
    this.#pending = EMPTY;
    this.#readLines(line, 0, line.length);
    return stop;
  }

  /** Reads the status line. Returns where the next line begins, UNFINISHED or BAD. */
  #status(bytes: Buffer, from: number, end: number): number {
    const next = this.head.statusLine(bytes, from, end);
    if (next === BAD) this.#break(this.head.fault);
    this.#statusSeen = next > 0;
    return next;
  }

  /** Reads fields, or the empty line after them. Returns where the next line begins, UNFINISHED or BAD. */
  #fields(bytes: Buffer, from: number, end: number): number {
    const next = bytes[from] === CR ? lineEnd(bytes, from, end) : this.head.fields(bytes, from, end);
    if (next === BAD) this.#break(this.head.fault === '' ? 'CR without LF' : this.head.fault);
    else if (next === from) return UNFINISHED;
    else if (bytes[from] === CR && next > 0) this.#endHead();
    return next;
  }

  #count(bytes: number): void {
    this.#headBytes += bytes;
    if (this.#headBytes + this.#pending.length > HEAD_LIMIT)
      this.#break(`head of more than ${HEAD_LIMIT} bytes`);
  }

  /** The head is complete: an interim one is skipped, and a final one is followed by the body. */
  #endHead(): void {
    const { head } = this;
    if (head.status >= 200) {
      head.decide();
      this.#beginBody();
      return;
    }
    const fault = head.framing.interimFault(head.status);
    if (fault !== undefined) this.#break(describeFault(fault).text);
    else {
      // Bytes keep counting towards the limit, so that interim answers cannot go on without end.
      head.clear();
      this.#statusSeen = false;
    }
  }

  #beginBody(): void {
    const { bodyEnd } = this.head;
    this.#bodyReader.begin(bodyEnd);
    if (typeof bodyEnd === 'number') this.body.expected = bodyEnd;
    if (bodyEnd === 0) this.state = COMPLETE;
    else this.state = bodyEnd === 'close' ? READING_TO_END : READING_BODY;
  }

  #readBody(bytes: Buffer, at: number, end: number): number {
    const reader = this.#bodyReader;
    const stop = reader.read(bytes, at, end, this.body);
    if (reader.done) this.state = COMPLETE;
    else if (reader.fault !== undefined)
      this.#break(`${describeFault(reader.fault).text}: ${quoted(bytes, stop - 1, end)}`);
    return stop;
  }

  #break(fault: string): void {
    this.state = BROKEN;
    this.fault = fault;
  }
}
