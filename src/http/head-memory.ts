/**
 * @module The bytes of the last head of a connection. Most answers of one server have the same head, as have most requests of one client,
 * and a head that repeats the last one is not parsed again. This comes before the reader of fields, because an answer then takes a quarter
 * of the time (0.22, `driver/wire/response.bench.ts`; decision 15).
 */
import { sameBytes, viewOf } from '../units/same-bytes.ts';
import { ZERO } from './bytes.ts';
import { LENGTH_DIGITS } from './framing.ts';

/** Longer heads are read every time. */
const MOST_BYTES = 2048;
/** Where heads always differ, remembering each one is wasted work, so only one in this many is remembered. */
const MISSES = 16;

const NOTHING = new Uint8Array(0);

/** Remembers one head. */
export class HeadMemory {
  /** Allocated with the first head: thousands of streams may be open, and each has only one head. */
  #bytes = NOTHING;
  #view = viewOf(NOTHING);
  #length = 0;
  /** Where the digits of the length may be others. Without them, both are the end of the head. */
  #digitsFrom = 0;
  #digitsTo = 0;
  #misses = 0;
  /** The memory that was read last, and the same by words. */
  #read: Uint8Array = NOTHING;
  #readView = viewOf(NOTHING);
  /** The length that the head said which was repeated last, if its digits may differ. */
  bodyLength = 0;

  /** How long the head is at the beginning of [`at`, `end`), when it repeats the remembered one; otherwise 0. */
  repeated(bytes: Uint8Array, at: number, end: number): number {
    const from = this.#digitsFrom;
    if (this.#length === 0 || from > end - at) return 0;
    if (bytes !== this.#read) {
      this.#read = bytes;
      this.#readView = viewOf(bytes);
    }
    const read = this.#readView;
    if (!sameBytes(read, at, this.#view, 0, from)) return 0;
    const digits = this.#digitsTo - from;
    const next = digits === 0 ? at + from : this.#readLength(read, at + from, end);
    const left = this.#length - this.#digitsTo;
    if (left > end - next || !sameBytes(read, next, this.#view, this.#digitsTo, left)) return 0;
    this.#misses = 0;
    return next + left - at;
  }

  /**
   * Whether the head in [`from`, `to`), which did not repeat the last one, is remembered from now on. The digits of the length of its body
   * in [`digitsFrom`, `digitsTo`), if they are given, may be others when it is repeated.
   */
  keep(bytes: Uint8Array, from: number, to: number, digitsFrom = to, digitsTo = to): boolean {
    const due = this.#misses % MISSES === 0;
    this.#misses += 1;
    if (!due || to - from > MOST_BYTES) return false;
    this.#length = to - from;
    this.#digitsFrom = digitsFrom - from;
    this.#digitsTo = digitsTo - from;
    if (this.#length > this.#bytes.length) {
      this.#bytes = new Uint8Array(this.#length);
      this.#view = viewOf(this.#bytes);
    }
    this.#bytes.set(bytes.subarray(from, to));
    return true;
  }

  /** Reads the length at `at`. Returns where its digits end; beyond `end` when there are too many. */
  #readLength(bytes: DataView, at: number, end: number): number {
    let value = 0;
    let i = at;
    for (; i < end; i += 1) {
      const digit = bytes.getUint8(i) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.bodyLength = value;
    return i > at && i - at <= LENGTH_DIGITS ? i : end + 1;
  }
}
