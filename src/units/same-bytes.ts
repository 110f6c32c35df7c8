/** @module Compares short stretches of memory four bytes at a time. For a few hundred bytes this is faster than a call of the system's function. */

/** Whether the `length` bytes at `at` of `one` are those at `from` of `other`. Both have as many. */
export function sameBytes(one: DataView, at: number, other: DataView, from: number, length: number): boolean {
  let i = 0;
  // One decision for four words takes half the time of four.
  for (; i + 16 <= length; i += 16) {
    const difference =
      (one.getInt32(at + i) ^ other.getInt32(from + i)) |
      (one.getInt32(at + i + 4) ^ other.getInt32(from + i + 4)) |
      (one.getInt32(at + i + 8) ^ other.getInt32(from + i + 8)) |
      (one.getInt32(at + i + 12) ^ other.getInt32(from + i + 12));
    if (difference !== 0) return false;
  }
  for (; i + 4 <= length; i += 4) if (one.getInt32(at + i) !== other.getInt32(from + i)) return false;
  for (; i < length; i += 1) if (one.getUint8(at + i) !== other.getUint8(from + i)) return false;
  return true;
}

/** `bytes`, to be read by words. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
