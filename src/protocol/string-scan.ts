/** @module Finds the end of a JSON string four bytes at a time. */

/** Returned instead of an index: invalid JSON, or a case that the scanner does not handle. */
export const UNSURE = -1;

const SPACE = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const LOWER_A = 0x61;
const LOWER_F = 0x66;
const LOWER_U = 0x75;
/** Bytes of `\uXXXX` after the backslash. */
const UNICODE_ESCAPE = 5;
/** Bytes after a special one that are read one by one. */
const NEAR = 16;

/** 1 for the bytes that may follow a backslash, but for `u`. */
const ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) ESCAPES[byte] = 1;

/**
 * The index after the quote that ends the string whose content begins at `at`, which must be valid (RFC 8259, section 7) and end
 * before `end`; otherwise {@link UNSURE}. Bytes above 127 are not checked: what is no UTF-8 decodes to replacement characters, which
 * may stand in a string.
 */
export function afterStringContent(bytes: DataView, at: number, end: number): number {
  const lastWords = end - 8;
  let i = at;
  while (i < end) {
    while (i <= lastWords) {
      if ((specials(bytes.getInt32(i, true)) | specials(bytes.getInt32(i + 4, true))) !== 0) break;
      i += 8;
    }
    // Where one escape is, others are near: JSON within a string has one every few bytes.
    for (const near = Math.min(end, i + NEAR); i < near; ) {
      const byte = bytes.getUint8(i);
      i += 1;
      if (byte > BACKSLASH) continue;
      if (byte === QUOTE) return i;
      if (byte < SPACE) return UNSURE;
      if (byte !== BACKSLASH) continue;
      i = afterEscape(bytes, i, end);
      if (i === UNSURE) return UNSURE;
    }
  }
  return UNSURE;
}

/**
 * Not 0 if one of the four bytes in `word` is a quote, a backslash or a control character. Source: "Bit Twiddling Hacks" (Anderson), "Determine if a word has a byte less than n". With bit 1 flipped, a quote is
 * 32 and control characters stay below it.
 */
function specials(word: number): number {
  const quoteOrControl = (word ^ 0x02020202) - 0x21212121;
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return (quoteOrControl | backslash) & ~word & 0x80808080;
}

/** The index after the escape whose backslash is before `at`. */
function afterEscape(bytes: DataView, at: number, end: number): number {
  if (at >= end) return UNSURE;
  const byte = bytes.getUint8(at);
  if (byte !== LOWER_U) return ESCAPES[byte] === 1 ? at + 1 : UNSURE;
  const after = at + UNICODE_ESCAPE;
  if (after > end) return UNSURE;
  for (let i = at + 1; i < after; i += 1) if (!isHex(bytes.getUint8(i))) return UNSURE;
  return after;
}

function isHex(byte: number): boolean {
  // Setting bit 5 turns A-F into a-f, and leaves digits as they are.
  const lower = byte | 0x20;
  return (byte >= ZERO && byte <= NINE) || (lower >= LOWER_A && lower <= LOWER_F);
}
