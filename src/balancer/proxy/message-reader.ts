/** @module Cuts a byte stream into messages, however it was split on the way. */
import type { Body } from './body.ts';
import { Reject } from './reject.ts';

/** A stretch of one message. The bytes are those received; nothing is copied. */
export interface Piece<Head> {
  /** Present when the piece begins the message. */
  readonly head: Head | undefined;
  readonly chunk: Buffer;
  /** Where the stretch begins in `chunk`, head included. */
  readonly start: number;
  /** Where its body bytes begin and end. */
  readonly from: number;
  readonly to: number;
  /** Whether the message ends with it. */
  readonly last: boolean;
}

/** Largest head, start line and final empty line included (Node's own servers accept 16 KB, too). */
export const MOST_HEAD = 16_384;
const END_OF_HEAD = '\r\n\r\n';

/** Reads messages whose heads `read` understands. After it threw, the stream is lost: nothing more may be read. */
export class MessageReader<Head extends { readonly body: Body }> {
  readonly #read: (text: string) => Head;
  #chunk: Buffer | undefined;
  #at = 0;
  #body: Body | undefined;

  constructor(read: (text: string) => Head) {
    this.#read = read;
  }

  /** Bytes received and not yet handed out. */
  get waiting(): number {
    return this.#chunk === undefined ? 0 : this.#chunk.length - this.#at;
  }

  push(chunk: Buffer): void {
    this.#chunk = this.waiting === 0 ? chunk : Buffer.concat([this.#chunk!.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** The next piece, or undefined until more bytes come. Throws {@link Reject}. */
  next(): Piece<Head> | undefined {
    if (this.waiting === 0) return undefined;
    return this.#body === undefined ? this.#begin(this.#chunk!) : this.#go(this.#chunk!, this.#body);
  }

  #begin(chunk: Buffer): Piece<Head> | undefined {
    const start = this.#at;
    const first = chunk[start]!;
    // Both kinds of start line begin with a capital: TLS and other noise is refused at its first byte.
    if (first < 65 || first > 90) throw new Reject(400, 'this is not HTTP/1.1');
    const end = chunk.indexOf(END_OF_HEAD, start, 'latin1');
    if ((end === -1 ? chunk.length : end + 4) - start > MOST_HEAD) {
      throw new Reject(431, `the head is longer than ${MOST_HEAD} bytes`);
    }
    if (end === -1) return undefined;
    const head = this.#read(chunk.toString('latin1', start, end + 2));
    const from = end + 4;
    const to = head.body.scan(chunk, from);
    return this.#piece(head, chunk, start, from, to, head.body);
  }

  #go(chunk: Buffer, body: Body): Piece<Head> {
    const from = this.#at;
    return this.#piece(undefined, chunk, from, from, body.scan(chunk, from), body);
  }

  #piece(
    head: Head | undefined,
    chunk: Buffer,
    start: number,
    from: number,
    to: number,
    body: Body,
  ): Piece<Head> {
    const last = body.done;
    this.#body = last ? undefined : body;
    this.#at = to;
    if (to === chunk.length) this.#chunk = undefined;
    return { head, chunk, start, from, to, last };
  }
}
