/** @module The Huffman code of HPACK (RFC 7541, section 5.2 and appendix B): decoded four bits at a time by a table, encoded by another. */

const SYMBOLS = 256;
/** The end of string; it must not occur in one. */
const EOS = 256;

/**
 * Bits of each symbol's code, EOS last. The code is canonical: sorted by length and then by symbol, each code is the one before
 * it plus one, so that the lengths define it.
 */
// biome-ignore format: 32 a line
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
] as const;

/** Codes by symbol, in the low bits. */
const CODES: Uint32Array = canonicalCodes();

function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(LENGTHS.length);
  const order = LENGTHS.map((_, symbol) => symbol).sort((a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b);
  let code = 0;
  let length = 0;
  for (const symbol of order) {
    code <<= LENGTHS[symbol]! - length;
    length = LENGTHS[symbol]!;
    codes[symbol] = code;
    code += 1;
  }
  return codes;
}

/** Of a step: the node after it, whether a symbol is complete, which one, and whether the code is broken. */
const NODE_MASK = 0xff;
const COMPLETE = 0x100;
const SYMBOL_SHIFT = 9;
const BROKEN = 0x2_0000;

/** What four bits lead to, by node and bits; a node is a place inside the tree of codes, and the root is 0. */
const STEPS = new Int32Array(SYMBOLS * 16);
/** 1 for nodes where a string may end: after at most 7 bits of padding, all ones. */
const MAY_END = new Uint8Array(SYMBOLS);
buildSteps();

/** Children by 2 x node + bit: a node, or -1 - symbol. */
function buildTree(): Int32Array {
  const children = new Int32Array(SYMBOLS * 2);
  let nodes = 1;
  for (let symbol = 0; symbol <= EOS; symbol += 1) {
    let node = 0;
    for (let bit = LENGTHS[symbol]! - 1; bit > 0; bit -= 1) {
      const at = 2 * node + ((CODES[symbol]! >>> bit) & 1);
      if (children[at] === 0) {
        children[at] = nodes;
        nodes += 1;
      }
      node = children[at]!;
    }
    children[2 * node + (CODES[symbol]! & 1)] = -1 - symbol;
  }
  return children;
}

function buildSteps(): void {
  const children = buildTree();
  for (let node = 0; node < SYMBOLS; node += 1)
    for (let bits = 0; bits < 16; bits += 1) STEPS[node * 16 + bits] = stepOf(children, node, bits);
  for (let node = 0, ones = 0; ones < 8; ones += 1, node = children[2 * node + 1]!) MAY_END[node] = 1;
}

function stepOf(children: Int32Array, from: number, bits: number): number {
  let node = from;
  let symbol = 0;
  for (let bit = 3; bit >= 0; bit -= 1) {
    const next = children[2 * node + ((bits >> bit) & 1)]!;
    if (next === -1 - EOS) return BROKEN;
    // The shortest code has five bits, so that four bits complete one symbol at most.
    if (next < 0) symbol = COMPLETE | ((-1 - next) << SYMBOL_SHIFT);
    node = Math.max(next, 0);
  }
  return node | symbol;
}

/** The most bytes that `length` bytes of code decode to. */
export const mostDecoded = (length: number): number => Math.floor((length * 8) / 5);

/** Decodes [`from`, `to`) into `out`, from 0 on. Returns the number of bytes; -1 for a broken code, EOS or wrong padding. */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let node = 0;
  let length = 0;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i]!;
    const high = STEPS[node * 16 + (byte >> 4)]!;
    if (high >= COMPLETE) {
      if (high === BROKEN) return -1;
      out[length] = high >> SYMBOL_SHIFT;
      length += 1;
    }
    const low = STEPS[(high & NODE_MASK) * 16 + (byte & 15)]!;
    if (low >= COMPLETE) {
      if (low === BROKEN) return -1;
      out[length] = low >> SYMBOL_SHIFT;
      length += 1;
    }
    node = low & NODE_MASK;
  }
  return MAY_END[node] === 1 ? length : -1;
}

/** How many bytes the code of `text`, which is Latin-1, has. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i += 1) bits += LENGTHS[text.charCodeAt(i) & 0xff]!;
  return (bits + 7) >> 3;
}

/** Writes the code of `text`, which is Latin-1, into `bytes` at `at`. Returns where it ends. */
export function putHuffman(text: string, bytes: Uint8Array, at: number): number {
  let end = at;
  /** Bits that are not written yet: fewer than 8 before each symbol. */
  let held = 0;
  let count = 0;
  const put = (code: number, length: number): void => {
    held = (held << length) | code;
    count += length;
    while (count >= 8) {
      count -= 8;
      bytes[end] = held >>> count;
      end += 1;
    }
    held &= (1 << count) - 1;
  };
  for (let i = 0; i < text.length; i += 1) {
    const symbol = text.charCodeAt(i) & 0xff;
    const length = LENGTHS[symbol]!;
    const code = CODES[symbol]!;
    // In two parts, so that 32 bits hold them with what is left.
    if (length > 16) put(code >>> 16, length - 16);
    put(length > 16 ? code & 0xffff : code, Math.min(length, 16));
  }
  if (count > 0) put(0xff >> count, 8 - count);
  return end;
}
