/**
 * @module The bytes of the last head of a connection. Most answers of one server have the same head, as have most requests of one client,
 * and a head that repeats the last one is not parsed again. This comes before the reader of fields, because an answer then takes a quarter
 * of the time (0.22, `driver/wire/response.bench.ts`; decision 15).
 */

/** Longer heads are read every time. */
const MOST_BYTES = 2048;
/** Where heads always differ, remembering each one is wasted work, so only one in this many is remembered. */
const MISSES = 16;

const EMPTY = Buffer.alloc(0);

/** Remembers one head. */
export class HeadMemory {
  /** Allocated with the first head: thousands of streams may be open, and each has only one head. */
  #bytes = EMPTY;
  #length = 0;
  #misses = 0;

  /** How long the remembered head is, when [`at`, `end`) begins with it; otherwise 0. */
  repeated(bytes: Buffer, at: number, end: number): number {
    const length = this.#length;
    if (length === 0 || length > end - at) return 0;
    // Node compares whole words; a loop over the bytes takes four times as long for a head of 250 bytes.
    if (bytes.compare(this.#bytes, 0, length, at, at + length) !== 0) return 0;
    this.#misses = 0;
    return length;
  }

  /** Whether the head in [`from`, `to`), which did not repeat the last one, is remembered from now on. */
  keep(bytes: Buffer, from: number, to: number): boolean {
    const due = this.#misses % MISSES === 0;
    this.#misses += 1;
    if (!due || to - from > MOST_BYTES) return false;
    this.#length = to - from;
    if (this.#length > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(this.#length);
    bytes.copy(this.#bytes, 0, from, to);
    return true;
  }
}
