/** @module What one read brings of an answer over HTTP/2, as a piece of HTTP/1.1. */
import { ascii } from '../../http/bytes.ts';
import type { UpstreamHead } from './heads.ts';
import type { Piece } from './piece.ts';

/** Room for what a read brings. */
const ROOM = 64 * 1024 + 256;
/** Most bytes around a chunk: its size in hexadecimal, and two line ends. */
const CHUNK_BYTES = 20;
const LINE_END = ascii('\r\n');
const LAST_CHUNK = '0\r\n';

/** Where a piece goes. */
export interface PieceTaker {
  /** The piece is used for something else afterwards. */
  deliver(piece: Piece<UpstreamHead>): void;
}

/** Collects for one answer at a time; what another one has collected before is delivered. So a short answer is one piece: head, body and end. */
export class AnswerPiece implements Piece<UpstreamHead> {
  #taker: PieceTaker | undefined;
  head: UpstreamHead | undefined;
  chunk: Buffer = Buffer.allocUnsafeSlow(ROOM);
  readonly start = 0;
  readonly from = 0;
  to = 0;
  last = false;

  /** Begins an answer. */
  begin(taker: PieceTaker, head: UpstreamHead): void {
    this.#turnTo(taker);
    this.head = head;
  }

  /** Adds the bytes in [`from`, `to`) of the body. */
  add(taker: PieceTaker, bytes: Buffer, from: number, to: number, chunked: boolean): void {
    this.#turnTo(taker);
    this.#reserve(to - from + CHUNK_BYTES);
    if (chunked) this.#text(`${(to - from).toString(16)}\r\n`);
    this.to += bytes.copy(this.chunk, this.to, from, to);
    if (chunked) this.to += LINE_END.copy(this.chunk, this.to);
  }

  /** Ends the answer, with field lines of `trailers`, and delivers it. */
  end(taker: PieceTaker, trailers: string, chunked: boolean): void {
    this.#turnTo(taker);
    if (chunked) {
      this.#reserve(trailers.length + CHUNK_BYTES);
      this.#text(`${LAST_CHUNK}${trailers}\r\n`);
    }
    this.last = true;
    this.flush();
  }

  /** Delivers what has been collected. */
  flush(): void {
    const taker = this.#taker;
    if (taker === undefined) return;
    this.#taker = undefined;
    taker.deliver(this);
    this.head = undefined;
    this.to = 0;
    this.last = false;
  }

  /** Leaves out what has been collected for `taker`. */
  drop(taker: PieceTaker): void {
    if (taker !== this.#taker) return;
    this.#taker = undefined;
    this.head = undefined;
    this.to = 0;
  }

  #turnTo(taker: PieceTaker): void {
    if (taker === this.#taker) return;
    this.flush();
    this.#taker = taker;
  }

  #reserve(count: number): void {
    if (this.to + count <= this.chunk.length) return;
    const taker = this.#taker;
    this.flush();
    this.#taker = taker;
    if (count > this.chunk.length) this.chunk = Buffer.allocUnsafeSlow(count);
  }

  #text(text: string): void {
    this.to += this.chunk.write(text, this.to, 'latin1');
  }
}
