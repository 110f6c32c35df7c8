/** @module Follows a body to its end, however it is framed, in pieces of any size; the chunked coding is read strictly (RFC 9112, section 7.1). */
import { COLON, CR, HEX, LF, SEMICOLON, TOKEN, VALUE } from './bytes.ts';
import type { HttpFault } from './fault.ts';
import type { BodyEnd } from './framing.ts';

/** Takes the data of a body. */
export interface ByteSink {
  /** Adds the bytes in [`from`, `to`), which are valid until the read that they came with is over. */
  append(bytes: Buffer, from: number, to: number): void;
}

/** 2^44 bytes: more than any chunk has, and still exact. */
const SIZE_DIGITS = 11;
/** Largest extension of one chunk, and largest trailer section, in bytes. */
const EXTRA_LIMIT = 16 * 1024;

/** What comes next: data, a part of the chunked coding, or nothing. */
type Place =
  | 'data'
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf'
  | 'done';

/**
 * Reads one body after the other. Hands the data to a sink; without one it only finds the end, so that the bytes can be passed
 * on as they came, framing included. Sizes have no sign or white space, and every line ends in CR LF: requests are smuggled
 * where two readers disagree about a line end. The content of extensions and trailers is ignored.
 */
export class BodyReader {
  #place: Place = 'done';
  /** What follows a stretch of data. */
  #afterData: Place = 'done';
  /** Bytes of data that are still to come; of a chunk size, what has been read. */
  #left = 0;
  #digits = 0;
  /** Bytes of the extension, or of all trailers. */
  #extra = 0;
  /** Why the body is broken. */
  fault: HttpFault | undefined = undefined;

  /** Makes ready for a body. */
  begin(end: BodyEnd): void {
    this.fault = undefined;
    this.#left = 0;
    if (end === 'chunked') {
      this.#place = 'size';
      this.#afterData = 'data-cr';
      this.#digits = 0;
      this.#extra = 0;
    } else {
      this.#place = end === 0 ? 'done' : 'data';
      this.#afterData = 'done';
      this.#left = end === 'close' ? Number.POSITIVE_INFINITY : end;
    }
  }

  /** Whether the last byte has been read; never for a body that ends with the connection. */
  get done(): boolean {
    return this.#place === 'done';
  }

  /**
   * Reads [`at`, `end`); returns the position after the last byte that belongs to the body, framing included, or after the
   * fault.
   */
  read(bytes: Buffer, at: number, end: number, sink?: ByteSink): number {
    let position = at;
    while (position < end && this.#place !== 'done') {
      if (this.#place === 'data') {
        const stop = Math.min(end, position + this.#left);
        sink?.append(bytes, position, stop);
        this.#left -= stop - position;
        position = stop;
        if (this.#left === 0) this.#place = this.#afterData;
      } else if (this.#place === 'size') {
        position = this.#readSize(bytes, position, end);
        if (this.fault !== undefined) return position;
      } else {
        this.fault = this.#step(bytes[position]!);
        position += 1;
        if (this.fault !== undefined) return position;
      }
    }
    return position;
  }

  /** Reads the digits of a chunk size and the byte after them, or as much of it as has come. */
  #readSize(bytes: Buffer, at: number, end: number): number {
    let position = at;
    let size = this.#left;
    for (; position < end; position += 1) {
      const digit = HEX[bytes[position]!]!;
      if (digit < 0) break;
      size = size * 16 + digit;
    }
    this.#left = size;
    this.#digits += position - at;
    if (this.#digits > SIZE_DIGITS) this.fault = 'chunk-size';
    if (position === end) return position;
    const byte = bytes[position]!;
    if (byte === CR) this.#place = 'size-lf';
    else if (byte === SEMICOLON) this.#place = 'extension';
    else this.fault = 'chunk-size';
    if (this.#digits === 0) this.fault = 'chunk-size';
    return position + 1;
  }

  /** Takes a byte of the chunked coding. */
  #step(byte: number): HttpFault | undefined {
    switch (this.#place) {
      case 'extension':
        return this.#text(byte, 'size-lf', 'chunk-line');
      case 'size-lf':
        return this.#sizeEnd(byte);
      case 'data-cr':
        return this.#expect(byte, CR, 'data-lf');
      case 'data-lf':
        return this.#expect(byte, LF, 'size');
      case 'trailer':
        return byte === CR ? this.#expect(byte, CR, 'last-lf') : this.#name(byte, false);
      case 'trailer-name':
        return this.#name(byte, byte === COLON);
      case 'trailer-value':
        return this.#text(byte, 'trailer-lf', 'trailer');
      case 'trailer-lf':
        return this.#expect(byte, LF, 'trailer');
      default:
        return this.#expect(byte, LF, 'done');
    }
  }

  #sizeEnd(byte: number): HttpFault | undefined {
    this.#digits = 0;
    this.#extra = 0;
    return this.#expect(byte, LF, this.#left === 0 ? 'trailer' : 'data');
  }

  /** Takes a byte of a trailer's name, or the colon after it. */
  #name(byte: number, colon: boolean): HttpFault | undefined {
    if (!colon && TOKEN[byte] !== 1) return 'trailer';
    this.#place = colon ? 'trailer-value' : 'trailer-name';
    return this.#spend();
  }

  /** Takes a byte of an extension or a trailer's value, or the CR that ends it. */
  #text(byte: number, next: Place, fault: HttpFault): HttpFault | undefined {
    if (byte === CR) this.#place = next;
    else if (VALUE[byte] !== 1) return fault;
    return this.#spend();
  }

  #spend(): HttpFault | undefined {
    this.#extra += 1;
    return this.#extra > EXTRA_LIMIT ? 'chunk-extra' : undefined;
  }

  #expect(byte: number, wanted: number, next: Place): HttpFault | undefined {
    // Only the expected byte advances: a broken body is never done.
    if (byte !== wanted) return 'chunk-line';
    this.#place = next;
    return undefined;
  }
}
