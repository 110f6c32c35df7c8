/** @module Text made from bytes without making it twice. */

/** Some bytes as they are quoted in messages: at most 40 of them, control characters escaped. */
export function quoted(bytes: Buffer, from: number, to: number): string {
  const text = JSON.stringify(bytes.toString('latin1', from, Math.min(to, from + 40)));
  return to - from > 40 ? `${text}...` : text;
}

const SLOTS = 16;
/** Longer texts are made every time. */
const LONGEST = 128;

/**
 * Strings made from bytes, the latest ones remembered. Header values repeat from answer to answer; comparing a dozen bytes is
 * cheaper than a new string, and leaves no garbage.
 */
export class Texts {
  readonly #bytes: readonly Buffer[] = Array.from({ length: SLOTS }, () => Buffer.alloc(LONGEST));
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** The bytes in [`from`, `to`) as Latin-1. */
  of(bytes: Buffer, from: number, to: number): string {
    if (from === to) return '';
    const slot = bytes[to - 1]! % SLOTS;
    const known = this.#bytes[slot]!;
    const length = to - from;
    if (this.#texts[slot]!.length === length && same(bytes, from, known, length)) return this.#texts[slot]!;
    const text = bytes.toString('latin1', from, to);
    if (length > LONGEST) return text;
    for (let i = 0; i < length; i += 1) known[i] = bytes[from + i]!;
    this.#texts[slot] = text;
    return text;
  }
}

function same(bytes: Uint8Array, from: number, known: Uint8Array, length: number): boolean {
  // Compared from the end, where most values differ (`i-1`, `i-2`).
  for (let i = length - 1; i >= 0; i -= 1) if (bytes[from + i] !== known[i]) return false;
  return true;
}
