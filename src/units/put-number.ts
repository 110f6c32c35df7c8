/** @module Writes whole numbers into bytes, as digits that no string is made of. */

const ZERO = 48;
/** Up to here a number is divided as a 32-bit integer. */
const MOST_INT32 = 2 ** 31;
const DIGITS = Uint8Array.from(Buffer.from('0123456789abcdef', 'latin1'));

/** The number of decimal digits of `value`, a whole number from 0 to 2^53 - 1. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits += 1;
  return digits;
}

/** Writes `value` in decimal into `bytes` at `at`: a whole number, 2^53 - 1 at most, with a sign when it is negative. Returns where it ends. */
export function putDecimal(value: number, bytes: Uint8Array, at: number): number {
  if (value < 0) {
    bytes[at] = 0x2d;
    return putDecimal(-value, bytes, at + 1);
  }
  const end = at + digitsOf(value);
  putDigits(value, bytes, at, end);
  return end;
}

/** Writes the last digits of `value`, a whole number from 0 to 2^53 - 1, into `bytes` from `from` to `to`. */
export function putDigits(value: number, bytes: Uint8Array, from: number, to: number): void {
  let at = to - 1;
  let left = value;
  for (; left >= MOST_INT32 && at >= from; at -= 1) {
    const tenth = Math.floor(left / 10);
    bytes[at] = ZERO + (left - tenth * 10);
    left = tenth;
  }
  for (; at >= from; at -= 1) {
    const tenth = (left / 10) | 0;
    bytes[at] = ZERO + (left - tenth * 10);
    left = tenth;
  }
}

/** Writes the 32 bits of `value` as eight hexadecimal digits into `bytes` at `at`. */
export function putHex32(value: number, bytes: Uint8Array, at: number): void {
  putHex16(value >>> 16, bytes, at);
  putHex16(value, bytes, at + 4);
}

/** Writes the lower 16 bits of `value` as four hexadecimal digits into `bytes` at `at`. Unrolled, because every call has eight of them. */
export function putHex16(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = DIGITS[(value >>> 12) & 15]!;
  bytes[at + 1] = DIGITS[(value >>> 8) & 15]!;
  bytes[at + 2] = DIGITS[(value >>> 4) & 15]!;
  bytes[at + 3] = DIGITS[value & 15]!;
}
