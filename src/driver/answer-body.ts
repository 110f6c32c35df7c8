/**
 * @module The bytes of one body: a view while they are contiguous, a copy when they come in pieces, and only their number
 * beyond the limit.
 */
import type { ByteSink } from '../http/body-reader.ts';
import { viewOf } from '../units/same-bytes.ts';
import { BODY_LIMIT } from './failure.ts';
import type { LargeMemory } from './large-memory.ts';

const EMPTY = Buffer.alloc(0);

/** A body has this much memory of its own, and borrows more. */
const OWN = 64 * 1024;
/** No more is made room for before it has come, whatever was announced. */
const MOST_EXPECTED = 1024 * 1024;

/** Collects a body. */
export class AnswerBody implements ByteSink {
  readonly #large: LargeMemory | undefined;
  /** How long the body will be, as far as that is known. */
  expected = 0;
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

  /** @param large - memory that it shares with other bodies; absent: it makes its own. */
  constructor(large?: LargeMemory) {
    this.#large = large;
  }

  /** Makes ready for another body. What {@link bytes} and {@link memory} returned is not valid any more. */
  clear(): void {
    this.size = 0;
    this.expected = 0;
    this.#viewed = false;
    if (this.#own.length <= OWN) return;
    this.#use(EMPTY);
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
      this.#use(EMPTY);
      return;
    }
    if (size > this.#own.length) {
      const larger = this.#room(size);
      this.#own.copy(larger, 0, 0, at);
      this.#use(larger);
    }
    bytes.copy(this.#own, at, from, to);
  }

  /** Memory for at least `size` bytes. */
  #room(size: number): Buffer {
    const expected = Math.min(this.expected, MOST_EXPECTED);
    const wanted = Math.min(BODY_LIMIT, Math.max(1024, size, expected, this.#own.length * 2));
    return wanted > OWN && this.#large !== undefined ? this.#large.take(wanted) : Buffer.allocUnsafe(wanted);
  }

  #use(own: Buffer): void {
    if (this.#own.length > OWN) this.#large?.give(this.#own);
    this.#own = own;
  }
}
