/** @module The body of a message that passes through the proxy: its bytes without the framing, up to a limit. */
import { BodyReader } from '../http/body-reader.ts';
import type { BodyEnd } from '../http/framing.ts';

/** Most bytes of a body that is read. */
export const MOST_BODY: number = 8 * 1024 * 1024;

/** A body that passes in pieces. */
export class PassingBody {
  readonly #reader = new BodyReader();
  readonly #parts: Buffer[] = [];
  #size = 0;

  constructor(end: BodyEnd) {
    this.#reader.begin(end);
  }

  /** Takes the piece [`from`, `to`), framing included; returns the bytes of the body in it, which are a copy. */
  take(chunk: Buffer, from: number, to: number): Buffer {
    const before = this.#parts.length;
    this.#reader.read(chunk, from, to, this);
    return Buffer.concat(this.#parts.slice(before));
  }

  append(bytes: Buffer, from: number, to: number): void {
    this.#size += to - from;
    if (this.#size <= MOST_BODY) this.#parts.push(Buffer.from(bytes.subarray(from, to)));
  }

  /** All bytes so far; undefined when they are more than {@link MOST_BODY}. */
  bytes(): Buffer | undefined {
    return this.#size > MOST_BODY ? undefined : Buffer.concat(this.#parts);
  }
}
