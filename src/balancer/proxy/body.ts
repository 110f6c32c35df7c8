/** @module Where a body ends: scanners that read bytes and pass them on unchanged. RFC 9112 sections 6 and 7. */
import { Reject } from './reject.ts';

/** Follows one body through the stream. */
export interface Body {
  /** True when the last byte has been seen; for {@link untilClose} never. */
  readonly done: boolean;
  /** Reads `chunk` from `from`; returns the index after the last byte that belongs to the body. Throws {@link Reject}. */
  scan(chunk: Buffer, from: number): number;
}

/** No body at all. */
export const emptyBody: Body = { done: true, scan: (_chunk, from) => from };

/** A body that only the end of the connection ends. */
export const untilClose: Body = { done: false, scan: (chunk) => chunk.length };

/** A body of `length` bytes. */
export function lengthBody(length: number): Body {
  return length === 0 ? emptyBody : new LengthBody(length);
}

class LengthBody implements Body {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  scan(chunk: Buffer, from: number): number {
    const taken = Math.min(this.#left, chunk.length - from);
    this.#left -= taken;
    return from + taken;
  }
}

const CR = 13;
const LF = 10;
const SEMICOLON = 59;
/** Hex digits of a chunk size: 2^48 bytes are enough for anybody. */
const MOST_DIGITS = 12;
/** Bytes of chunk extensions in one line, and of all trailers. */
const MOST_EXTRA = 4096;

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

type Place =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-lf'
  | 'end';

/**
 * A chunked body, framing included. Strict: sizes without white space or sign, every line closed by CR LF, because
 * two readers that disagree about a line end are how requests are smuggled.
 */
export class ChunkedBody implements Body {
  #place: Place = 'size';
  /** Of the current chunk: its size while it is read, then what is left of it. */
  #left = 0;
  #digits = 0;
  #extra = 0;
  /** Bytes in the current trailer line; an empty line ends the body. */
  #line = 0;

  get done(): boolean {
    return this.#place === 'end';
  }

  scan(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && this.#place !== 'end') {
      if (this.#place === 'data') {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
        if (this.#left === 0) this.#place = 'data-cr';
      } else {
        this.#step(chunk[at]!);
        at += 1;
      }
    }
    return at;
  }

  #step(byte: number): void {
    if (this.#place === 'size') this.#size(byte);
    else if (this.#place === 'extension') this.#extension(byte);
    else if (this.#place === 'size-lf') this.#sizeEnd(byte);
    else if (this.#place === 'data-cr') this.#expect(byte, CR, 'data-lf');
    else if (this.#place === 'data-lf') this.#expect(byte, LF, 'size');
    else if (this.#place === 'trailer') this.#trailer(byte);
    else this.#trailerEnd(byte);
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.#digits < MOST_DIGITS) {
      this.#left = this.#left * 16 + digit;
      this.#digits += 1;
    } else if (this.#digits > 0 && byte === CR) this.#place = 'size-lf';
    else if (this.#digits > 0 && byte === SEMICOLON) this.#place = 'extension';
    else throw new Reject(400, 'a chunk size is not a hexadecimal number');
  }

  #extension(byte: number): void {
    this.#spend(byte);
    if (byte === CR) this.#place = 'size-lf';
  }

  #sizeEnd(byte: number): void {
    this.#expect(byte, LF, this.#left === 0 ? 'trailer' : 'data');
    this.#digits = 0;
    this.#extra = 0;
    this.#line = 0;
  }

  #trailer(byte: number): void {
    this.#spend(byte);
    if (byte === CR) this.#place = 'trailer-lf';
    else this.#line += 1;
  }

  #trailerEnd(byte: number): void {
    this.#expect(byte, LF, this.#line === 0 ? 'end' : 'trailer');
    this.#line = 0;
  }

  #spend(byte: number): void {
    this.#extra += 1;
    if (byte === LF || byte === 0)
      throw new Reject(400, 'a bare line feed or NUL in the framing of a chunked body');
    if (this.#extra > MOST_EXTRA) throw new Reject(400, 'chunk extensions or trailers are too long');
  }

  #expect(byte: number, wanted: number, next: Place): void {
    if (byte !== wanted) throw new Reject(400, 'a line of a chunked body does not end in CR LF');
    this.#place = next;
  }
}
