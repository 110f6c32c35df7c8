/** @module Bytes of HTTP: what may stand where, and text made from bytes without making it twice. */

const table = (allowed: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (allowed(byte) ? 1 : 0));

/** 1 for bytes of a token: names of headers (RFC 9110, section 5.6.2). */
export const TOKEN = table((byte) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte)));

/** 1 for bytes of a field value: visible ones, space, tab and obs-text (RFC 9110, section 5.5). */
export const VALUE = table((byte) => byte === 9 || (byte >= 32 && byte !== 127));

/** The value of a hexadecimal digit; -1 for other bytes. */
export const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return digit;
});

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const COLON = 58;
export const SEMICOLON = 59;

/** Whether the bytes at `from` spell `lower` (lower-case ASCII letters, digits and hyphens), in either case. */
export function spells(bytes: Uint8Array, from: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i += 1) {
    const byte = bytes[from + i]!;
    if (byte !== lower[i] && (byte | 32) !== lower[i]) return false;
  }
  return true;
}

/** Some bytes as they are quoted in messages: at most 40 of them, control characters escaped. */
export function quoted(bytes: Buffer, from: number, to: number): string {
  const text = JSON.stringify(bytes.toString('latin1', from, Math.min(to, from + 40)));
  return to - from > 40 ? `${text}...` : text;
}

const SLOTS = 16;

/**
 * Strings made from bytes, the latest ones remembered. Header values repeat from answer to answer; comparing a dozen
 * bytes is cheaper than a new string, and leaves nothing to collect.
 */
export class Texts {
  readonly #bytes: Buffer[] = Array.from({ length: SLOTS }, () => Buffer.alloc(0));
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** The bytes in [`from`, `to`) as Latin-1. */
  of(bytes: Buffer, from: number, to: number): string {
    if (from === to) return '';
    const slot = bytes[to - 1]! % SLOTS;
    const known = this.#bytes[slot]!;
    if (known.length === to - from && same(bytes, from, known)) return this.#texts[slot]!;
    const text = bytes.toString('latin1', from, to);
    this.#bytes[slot] = Buffer.from(bytes.subarray(from, to));
    this.#texts[slot] = text;
    return text;
  }
}

function same(bytes: Uint8Array, from: number, known: Uint8Array): boolean {
  // From the end: values that differ mostly differ there (`i-1`, `i-2`).
  for (let i = known.length - 1; i >= 0; i -= 1) if (bytes[from + i] !== known[i]) return false;
  return true;
}
