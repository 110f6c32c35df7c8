/**
 * @module The bytes of one body: a view while they are contiguous, a copy when they come in pieces, and only their number
 * beyond the limit.
 */
import type { ByteSink } from '../http/body-reader.ts';
import { viewOf } from '../units/same-bytes.ts';
import { BODY_LIMIT } from './failure.ts';

const EMPTY = Buffer.alloc(0);

/** Collects a body. */
export class AnswerBody implements ByteSink {
  /** All bytes so far, kept or not. */
  size = 0;
  #view: Buffer = EMPTY;
  #viewFrom = 0;
  #viewed = false;
  #own: Buffer = EMPTY;
  #last: Buffer = EMPTY;
  #lastFrom = 0;
  #memory = viewOf(EMPTY);
  #memoryOf: Buffer = EMPTY;

  clear(): void {
    this.size = 0;
    this.#viewed = false;
    if (this.#own.length <= 64 * 1024) return;
    this.#own = EMPTY;
    this.#memoryOf = EMPTY;
    this.#memory = viewOf(EMPTY);
  }

  /** Adds the bytes in [`from`, `to`). They must not change before {@link hold}. */
  append(bytes: Buffer, from: number, to: number): void {
    if (to === from) return;
    if (this.size === 0) {
      this.#view = bytes;
      this.#viewFrom = from;
      this.#viewed = true;
      this.size = to - from;
      return;
    }
    this.hold();
    this.#copy(bytes, from, to, this.size);
    this.size += to - from;
  }

  /** Copies a body that is only viewed, because the memory of the read is about to be reused. */
  hold(): void {
    if (!this.#viewed) return;
    this.#viewed = false;
    this.#copy(this.#view, this.#viewFrom, this.#viewFrom + this.size, 0);
  }

  /** The bytes, at most {@link BODY_LIMIT}; valid until the next read. */
  bytes(): Buffer {
    if (this.size === 0) return EMPTY;
    if (this.#viewed) return this.#slice();
    return this.#own.subarray(0, Math.min(this.size, this.#own.length));
  }

  /** The memory in which the bytes lie, from {@link AnswerBody.from} on; valid until the next read. It begins and ends anywhere around them. */
  memory(): DataView {
    const bytes = this.#viewed ? this.#view : this.#own;
    if (bytes !== this.#memoryOf) {
      this.#memoryOf = bytes;
      this.#memory = viewOf(bytes);
    }
    return this.#memory;
  }

  /** Where in {@link AnswerBody.memory} the first byte is. */
  get from(): number {
    return this.#viewed ? this.#viewFrom : 0;
  }

  /**
   * The bytes that are viewed. Most answers have the position and length of the last one, and creating a view costs more than
   * comparing both.
   */
  #slice(): Buffer {
    const last = this.#last;
    if (last.length === this.size && this.#lastFrom === this.#viewFrom && last.buffer === this.#view.buffer)
      return last;
    this.#lastFrom = this.#viewFrom;
    this.#last = this.#view.subarray(this.#viewFrom, this.#viewFrom + this.size);
    return this.#last;
  }

  #copy(bytes: Buffer, from: number, to: number, at: number): void {
    const size = at + to - from;
    if (size > BODY_LIMIT) {
      this.#own = EMPTY;
      return;
    }
    if (size > this.#own.length) {
      const larger = Buffer.allocUnsafe(Math.min(BODY_LIMIT, Math.max(1024, size, this.#own.length * 2)));
      this.#own.copy(larger, 0, 0, at);
      this.#own = larger;
    }
    bytes.copy(this.#own, at, from, to);
  }
}
