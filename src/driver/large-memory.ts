/** @module Memory for large requests and answers: new memory costs as much as writing it, because the system clears it first. */

/** More than this many pieces are not kept. */
const MOST_PIECES = 16;
const PIECE_BYTES = 64 * 1024;

/** Pieces of memory that nothing uses at present. */
export class LargeMemory {
  readonly #spare: Buffer[] = [];

  /** A piece of at least `length` bytes. */
  take(length: number): Buffer {
    const index = this.#spare.findIndex((each) => each.length >= length);
    if (index >= 0) return this.#spare.splice(index, 1)[0]!;
    // Room for those that are somewhat longer than this one.
    return Buffer.allocUnsafeSlow(Math.ceil(length / PIECE_BYTES) * PIECE_BYTES);
  }

  /** Takes back a piece that nothing refers to any more. */
  give(piece: Buffer): void {
    if (this.#spare.length >= MOST_PIECES) this.#spare.shift();
    this.#spare.push(piece);
  }
}
