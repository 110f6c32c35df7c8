/** @module The strings of a header block as text: decoded, checked, and the latest ones remembered by their bytes. */
import { TOKEN, VALUE } from '../bytes.ts';
import { decodeHuffman, mostDecoded } from './huffman.ts';

const SLOTS = 64;
/** Longer strings are made every time. */
const LONGEST = 64;
const [UPPER_A, UPPER_Z] = [65, 90];
const [COLON, SPACE, TAB] = [58, 32, 9];

/** Which of the two parts of a field: other bytes are allowed in them. */
export type Part = 'name' | 'value';

let scratch: Buffer = Buffer.allocUnsafeSlow(1024);

/**
 * Strings made from the bytes of a header block. Most repeat from block to block even where no table has them, as nginx sends its
 * fields; comparing a dozen bytes is cheaper than decoding them, and leaves no garbage.
 */
export class WireTexts {
  readonly #allows: (bytes: Uint8Array, from: number, to: number) => boolean;
  readonly #bytes = new Uint8Array(SLOTS * LONGEST);
  readonly #lengths = new Int32Array(SLOTS);
  readonly #coded: boolean[] = Array.from({ length: SLOTS }, () => false);
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');
  readonly #sound: boolean[] = Array.from({ length: SLOTS }, () => true);
  /** Whether the last text has only what RFC 9113, section 8.2.1, allows. */
  sound = true;

  constructor(part: Part) {
    this.#allows = part === 'name' ? isName : isValue;
  }

  /** The string in [`from`, `to`) as Latin-1; `coded`: it is in the Huffman code. `undefined`: it is no such code. */
  of(bytes: Buffer, from: number, to: number, coded: boolean): string | undefined {
    const length = to - from;
    if (length === 0 || length > LONGEST) return this.#make(bytes, from, to, coded);
    const slot = (bytes[to - 1]! * 5 + bytes[from + (length >> 1)]! * 3 + length) & (SLOTS - 1);
    if (
      this.#lengths[slot] === length &&
      this.#coded[slot] === coded &&
      this.#same(bytes, from, length, slot)
    ) {
      this.sound = this.#sound[slot]!;
      return this.#texts[slot]!;
    }
    const text = this.#make(bytes, from, to, coded);
    if (text === undefined) return undefined;
    const at = slot * LONGEST;
    for (let i = 0; i < length; i += 1) this.#bytes[at + i] = bytes[from + i]!;
    this.#lengths[slot] = length;
    this.#coded[slot] = coded;
    this.#texts[slot] = text;
    this.#sound[slot] = this.sound;
    return text;
  }

  #same(bytes: Uint8Array, from: number, length: number, slot: number): boolean {
    const own = this.#bytes;
    const at = slot * LONGEST;
    // From the end, where most values differ.
    for (let i = length - 1; i >= 0; i -= 1) if (bytes[from + i] !== own[at + i]) return false;
    return true;
  }

  #make(bytes: Buffer, from: number, to: number, coded: boolean): string | undefined {
    if (!coded) {
      this.sound = this.#allows(bytes, from, to);
      return bytes.toString('latin1', from, to);
    }
    const most = mostDecoded(to - from);
    if (most > scratch.length) scratch = Buffer.allocUnsafeSlow(most);
    const length = decodeHuffman(bytes, from, to, scratch);
    if (length < 0) return undefined;
    this.sound = this.#allows(scratch, 0, length);
    return scratch.toString('latin1', 0, length);
  }
}

/** A token in lower case, after a colon for a pseudo-header field. */
function isName(bytes: Uint8Array, from: number, to: number): boolean {
  const start = from < to && bytes[from] === COLON ? from + 1 : from;
  for (let i = start; i < to; i += 1) {
    const byte = bytes[i]!;
    if (TOKEN[byte] !== 1 || (byte >= UPPER_A && byte <= UPPER_Z)) return false;
  }
  return start < to;
}

/** No control characters, and no white space around it. */
function isValue(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (VALUE[bytes[i]!] !== 1) return false;
  return from === to || !(isSpace(bytes[from]!) || isSpace(bytes[to - 1]!));
}

const isSpace = (byte: number): boolean => byte === SPACE || byte === TAB;
