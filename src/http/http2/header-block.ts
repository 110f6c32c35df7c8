/** @module A header block that comes in several frames: HEADERS and the CONTINUATIONs after it (RFC 9113, section 4.3). */
import type { Http2Fault } from './fault.ts';

/** Most bytes of one block. */
export const BLOCK_LIMIT: number = 64 * 1024;
/** Most frames that continue one block. Without a limit, empty ones could go on without end (CVE-2024-27316). */
export const CONTINUATIONS_LIMIT = 16;

/** Puts one block after the other together. */
export class HeaderBlock {
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Whether the end of the block has not come yet. */
  open = false;
  stream = 0;
  endStream = false;

  /** Takes the part in [`from`, `to`), of a HEADERS frame. */
  begin(stream: number, endStream: boolean, bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    this.open = true;
    this.stream = stream;
    this.endStream = endStream;
    this.#pieces = [];
    this.#bytes = 0;
    return this.#take(bytes, from, to);
  }

  /** Takes the part in [`from`, `to`), of a CONTINUATION frame. */
  add(bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    if (this.#pieces.length > CONTINUATIONS_LIMIT) return 'continuations';
    return this.#take(bytes, from, to);
  }

  /** The whole block. */
  end(): Buffer {
    this.open = false;
    const block = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return block;
  }

  #take(bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    this.#bytes += to - from;
    if (this.#bytes > BLOCK_LIMIT) return 'block-size';
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
    return undefined;
  }
}
