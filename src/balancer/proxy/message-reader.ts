/** @module Cuts a byte stream into messages, however it was split on the way. */
import { BodyReader } from '../../http/body-reader.ts';
import type { BodyEnd } from '../../http/framing.ts';
import { HeadMemory } from '../../http/head-memory.ts';
import type { Piece } from './piece.ts';
import { rejectionOf } from './reject.ts';

/** Largest head, start line and final empty line included (Node's own servers accept 16 KB, too). */
export const MOST_HEAD = 16_384;
const END_OF_HEAD = '\r\n\r\n';
/** Both kinds of start line begin with a capital letter. */
const [UPPER_A, UPPER_Z] = [65, 90];

const EMPTY = Buffer.alloc(0);

/** Reads messages whose heads `read` understands. After it threw, the stream is lost: nothing more may be read. */
export class MessageReader<Head extends { readonly body: BodyEnd }> {
  readonly #read: (bytes: Buffer, from: number, to: number) => Head;
  readonly #body = new BodyReader();
  readonly #memory = new HeadMemory();
  /** Read from the bytes in the memory. */
  #known: Head | undefined;
  /** The last piece. It is used again: a piece lives until the next one. */
  readonly #last: { -readonly [key in keyof Piece<Head>]: Piece<Head>[key] };
  #inBody = false;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** Where the bytes received end in `#chunk`. */
  #end = 0;
  /** Whether the memory is the reader's own. */
  #own = true;

  /** @param read - reads the head in [`from`, `to`), every line closed by CR LF, the empty line left off; throws a `Reject`. */
  constructor(read: (bytes: Buffer, from: number, to: number) => Head) {
    this.#read = read;
    this.#last = { head: undefined, chunk: EMPTY, start: 0, from: 0, to: 0, last: false };
  }

  /** Bytes received and not yet handed out. */
  get waiting(): number {
    return this.#end - this.#at;
  }

  /** Takes the first `count` bytes of `chunk`, which must stay as they are until {@link keep} is called. */
  push(chunk: Buffer, count: number = chunk.length): void {
    if (this.waiting === 0) {
      this.#hold(chunk, count, false);
      return;
    }
    const all = Buffer.allocUnsafe(this.waiting + count);
    this.#chunk.copy(all, 0, this.#at, this.#end);
    chunk.copy(all, this.waiting, 0, count);
    this.#hold(all, all.length, true);
  }

  /** Copies what has not been handed out: the memory that was pushed is used for something else from now on. */
  keep(): void {
    if (this.#own) return;
    if (this.waiting === 0) this.#hold(EMPTY, 0, true);
    else {
      const rest = Buffer.from(this.#chunk.subarray(this.#at, this.#end));
      this.#hold(rest, rest.length, true);
    }
  }

  /** Reads the next head even if it repeats the last one: something else than its bytes has changed. */
  forget(): void {
    this.#known = undefined;
  }

  /** The next piece, valid until the one after it; undefined until more bytes come. Throws a `Reject`. */
  next(): Piece<Head> | undefined {
    if (this.waiting === 0) return undefined;
    return this.#inBody ? this.#piece(undefined, this.#at, this.#at) : this.#begin();
  }

  #hold(chunk: Buffer, end: number, own: boolean): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.#end = end;
    this.#own = own;
  }

  #begin(): Piece<Head> | undefined {
    const chunk = this.#chunk;
    const start = this.#at;
    const repeated = this.#known === undefined ? 0 : this.#memory.repeated(chunk, start, this.#end);
    if (repeated > 0) return this.#message(this.#known!, start, start + repeated);
    const first = chunk[start]!;
    // TLS and other noise is refused at its first byte.
    if (first < UPPER_A || first > UPPER_Z) throw rejectionOf('not-http');
    const found = chunk.indexOf(END_OF_HEAD, start, 'latin1');
    // What lies behind the bytes received is of no account.
    const isWhole = found >= 0 && found + 4 <= this.#end;
    if ((isWhole ? found + 4 : this.#end) - start > MOST_HEAD) throw rejectionOf('head-size');
    if (!isWhole) return undefined;
    const head = this.#read(chunk, start, found + 2);
    if (this.#memory.keep(chunk, start, found + 4)) this.#known = head;
    return this.#message(head, start, found + 4);
  }

  #message(head: Head, start: number, from: number): Piece<Head> {
    this.#body.begin(head.body);
    return this.#piece(head, start, from);
  }

  /** What has come of the body from `from` on, after the head if there is one. */
  #piece(head: Head | undefined, start: number, from: number): Piece<Head> {
    const body = this.#body;
    const chunk = this.#chunk;
    const to = body.read(chunk, from, this.#end);
    if (body.fault !== undefined) throw rejectionOf(body.fault);
    const last = body.done;
    this.#inBody = !last;
    this.#at = to;
    const piece = this.#last;
    piece.head = head;
    piece.chunk = chunk;
    piece.start = start;
    piece.from = from;
    piece.to = to;
    piece.last = last;
    return piece;
  }
}
