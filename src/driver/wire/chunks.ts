/** @module The chunked transfer coding, read strictly and from pieces of any size (RFC 9112, section 7.1). What extensions say is passed over. */
import { HEAD_LIMIT } from '../failure.ts';
import type { Body } from './body.ts';
import { COLON, CR, HEX, LF, quoted, SEMICOLON, TOKEN, VALUE } from './bytes.ts';

const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILER = 6;
const TRAILER_NAME = 7;
const TRAILER_VALUE = 8;
const TRAILER_LF = 9;
const END_LF = 10;
const DONE = 11;

/** 2^44 bytes: more than anybody sends, and still exact. */
const SIZE_DIGITS = 11;

/** Reads one chunked body. */
export class Chunks {
  #state = SIZE;
  #digits = 0;
  #left = 0;
  /** Bytes of extensions and trailers. */
  #extra = 0;
  /** Why the coding is broken; empty while it is not. */
  fault = '';

  get done(): boolean {
    return this.#state === DONE;
  }

  clear(): void {
    this.#state = SIZE;
    this.#digits = 0;
    this.#left = 0;
    this.#extra = 0;
    this.fault = '';
  }

  /** Reads [`at`, `end`) into `body`; gives the position after what belongs to the coding, or after the fault. */
  read(bytes: Buffer, at: number, end: number, body: Body): number {
    let position = at;
    while (position < end && this.#state !== DONE && this.fault === '') {
      if (this.#state === DATA) {
        const stop = Math.min(end, position + this.#left);
        body.append(bytes, position, stop);
        this.#left -= stop - position;
        position = stop;
        if (this.#left === 0) this.#state = DATA_CR;
      } else {
        const byte = bytes[position]!;
        if (!(this.#state < DATA ? this.#size(byte) : this.#line(byte))) {
          this.fault = `chunked body broken at ${quoted(bytes, position, end)}`;
        }
        position += 1;
      }
    }
    return position;
  }

  /** Takes a byte of the line that opens a chunk. */
  #size(byte: number): boolean {
    if (this.#state === SIZE_LF) {
      this.#state = this.#left === 0 ? TRAILER : DATA;
      this.#digits = 0;
      return byte === LF;
    }
    if (this.#state === SIZE) {
      const digit = HEX[byte]!;
      if (digit >= 0) {
        this.#left = this.#left * 16 + digit;
        this.#digits += 1;
        return this.#digits <= SIZE_DIGITS;
      }
      if (this.#digits === 0) return false;
      if (byte === SEMICOLON) this.#state = EXTENSION;
      else if (byte === CR) this.#state = SIZE_LF;
      else return false;
      return true;
    }
    if (byte === CR) this.#state = SIZE_LF;
    return byte === CR || (VALUE[byte] === 1 && this.#within());
  }

  /** Takes a byte after a chunk, or of the trailers. */
  #line(byte: number): boolean {
    switch (this.#state) {
      case DATA_CR:
        this.#state = DATA_LF;
        return byte === CR;
      case DATA_LF:
        this.#state = SIZE;
        return byte === LF;
      case TRAILER:
        this.#state = byte === CR ? END_LF : TRAILER_NAME;
        return byte === CR || TOKEN[byte] === 1;
      case TRAILER_NAME:
        if (byte === COLON) this.#state = TRAILER_VALUE;
        return (byte === COLON || TOKEN[byte] === 1) && this.#within();
      case TRAILER_VALUE:
        if (byte === CR) this.#state = TRAILER_LF;
        return byte === CR || (VALUE[byte] === 1 && this.#within());
      case TRAILER_LF:
        this.#state = TRAILER;
        return byte === LF;
      default:
        this.#state = DONE;
        return byte === LF;
    }
  }

  #within(): boolean {
    this.#extra += 1;
    return this.#extra <= HEAD_LIMIT;
  }
}
