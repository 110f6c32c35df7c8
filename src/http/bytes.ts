/** @module The bytes of HTTP/1.1: which are allowed where, and the delimiters. */

const tableOf = (allowed: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (allowed.test(String.fromCharCode(byte)) ? 1 : 0));

/** 1 for bytes of a token, such as the name of a header field (RFC 9110, section 5.6.2). */
export const TOKEN: Uint8Array = tableOf(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/);

/** 1 for bytes of a field value: visible ones, space, tab and obs-text (RFC 9110, section 5.5). */
export const VALUE: Uint8Array = tableOf(/[\t\x20-\x7e\x80-\xff]/);

/** 1 for visible ASCII: bytes of a request target (RFC 9112, section 3.2). */
export const VISIBLE: Uint8Array = tableOf(/[\x21-\x7e]/);

/** The value of a hexadecimal digit; -1 for other bytes. */
export const HEX: Int8Array = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
);

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const SLASH = 47;
export const ZERO = 48;
export const COLON = 58;
export const SEMICOLON = 59;

/** `text` as bytes; for ASCII. */
export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Whether the bytes at `from` spell `lower` (lower-case ASCII letters, digits and hyphens), in either case. */
export function spells(bytes: Uint8Array, from: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i += 1) {
    const byte = bytes[from + i]!;
    if (byte !== lower[i] && (byte | 32) !== lower[i]) return false;
  }
  return true;
}

/** The number that the decimal digits in [`from`, `to`) spell; -1 when there is none, or a byte is not a digit. */
export function decimalOf(bytes: Uint8Array, from: number, to: number): number {
  if (from === to) return -1;
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
