/** @module Cuts a byte stream into messages, however it was split on the way. */
import { BodyReader } from '../../http/body-reader.ts';
import type { BodyEnd } from '../../http/framing.ts';
import type { Piece } from './piece.ts';
import { rejectionOf } from './reject.ts';

/** Largest head, start line and final empty line included (Node's own servers accept 16 KB, too). */
export const MOST_HEAD = 16_384;
const END_OF_HEAD = '\r\n\r\n';
/** Both kinds of start line begin with a capital letter. */
const [UPPER_A, UPPER_Z] = [65, 90];

/** Reads messages whose heads `read` understands. After it threw, the stream is lost: nothing more may be read. */
export class MessageReader<Head extends { readonly body: BodyEnd }> {
  readonly #read: (bytes: Buffer, from: number, to: number) => Head;
  readonly #body = new BodyReader();
  #inBody = false;
  #chunk: Buffer | undefined;
  #at = 0;

  /** @param read - reads the head in [`from`, `to`), every line closed by CR LF, the empty line left off; throws a `Reject`. */
  constructor(read: (bytes: Buffer, from: number, to: number) => Head) {
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

  /** The next piece, or undefined until more bytes come. Throws a `Reject`. */
  next(): Piece<Head> | undefined {
    if (this.waiting === 0) return undefined;
    const chunk = this.#chunk!;
    return this.#inBody ? this.#piece(undefined, chunk, this.#at, this.#at) : this.#begin(chunk);
  }

  #begin(chunk: Buffer): Piece<Head> | undefined {
    const start = this.#at;
    const first = chunk[start]!;
    // TLS and other noise is refused at its first byte.
    if (first < UPPER_A || first > UPPER_Z) throw rejectionOf('not-http');
    const end = chunk.indexOf(END_OF_HEAD, start, 'latin1');
    if ((end === -1 ? chunk.length : end + 4) - start > MOST_HEAD) throw rejectionOf('head-size');
    if (end === -1) return undefined;
    const head = this.#read(chunk, start, end + 2);
    this.#body.begin(head.body);
    return this.#piece(head, chunk, start, end + 4);
  }

  /** What has come of the body from `from` on, after the head if there is one. */
  #piece(head: Head | undefined, chunk: Buffer, start: number, from: number): Piece<Head> {
    const body = this.#body;
    const to = body.read(chunk, from, chunk.length);
    if (body.fault !== undefined) throw rejectionOf(body.fault);
    const last = body.done;
    this.#inBody = !last;
    this.#at = to;
    if (to === chunk.length) this.#chunk = undefined;
    return { head, chunk, start, from, to, last };
  }
}
