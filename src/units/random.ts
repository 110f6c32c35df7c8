/** @module The only module that draws random numbers. Every draw is a function of (seed, stream, index), so a run can be repeated byte for byte. */

/** Named streams, so that an added draw in one stream never changes the draws of another. */
export type Stream =
  | 'arrival'
  | 'call'
  | 'agent'
  | 'argument'
  | 'think'
  | 'stolen'
  | 'data'
  | 'order'
  | 'balancer'
  | 'service'
  | 'fault'
  | 'revocation'
  | 'trace'
  | 'cache'
  | 'task'
  | 'cancel';

/** A sequence of draws. */
export interface Random {
  /** A 32-bit unsigned integer. */
  uint32(): number;
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** Fills `bytes` from `from` to `to` with entries of `alphabet`, each as {@link Random.below} draws its index. */
  fill(alphabet: Uint8Array, bytes: Uint8Array, from: number, to: number): void;
}

/** FNV-1a hash of a short text, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every input bit affects every output bit. */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The inverse of {@link mix}, which is a bijection: shifts are undone by shifts, factors by their inverses modulo 2^32. */
function unmix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x7ed1b41d);
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The key of a stream under a seed, for {@link drawAt}. */
export function streamKey(seed: number, stream: Stream): number {
  return mix(hash32(stream) ^ mix(seed ^ 0x9e3779b9));
}

/** The draw of `index` in the stream of `key`, a 32-bit unsigned integer: one multiplication chain, no state. */
export function uint32At(key: number, index: number): number {
  return mix(mix((index >>> 0) ^ key) ^ Math.floor(index / 2 ** 32) ^ 0x85ebca77);
}

/** The only index below 2^32 at which {@link uint32At} gives `draw`. */
export function indexOfDraw(key: number, draw: number): number {
  return (unmix(unmix(draw) ^ 0x85ebca77) ^ key) >>> 0;
}

/** The same draw in [0, 1). */
export function drawAt(key: number, index: number): number {
  return uint32At(key, index) / 2 ** 32;
}

/** The sequence of `stream` at `index` under `seed`. */
export function randomAt(seed: number, stream: Stream, index = 0): Random {
  return new Sequences(seed, stream).at(index);
}

const RANGE = 2 ** 32;

/**
 * The sequences of `stream` under `seed`, one at a time, without an object for each (sfc32 by Chris Doty-Humphrey, seeded through
 * MurmurHash3's finaliser).
 */
export class Sequences implements Random {
  readonly #seed: number;
  readonly #stream: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(seed: number, stream: Stream) {
    this.#seed = mix(seed ^ 0x9e3779b9);
    this.#stream = mix(hash32(stream) ^ this.#seed);
  }

  /** The sequence at `index`, from its beginning. It is this object, so it ends the one before. */
  at(index: number): Random {
    this.#a = this.#seed | 0;
    this.#b = this.#stream | 0;
    const c = mix((index >>> 0) ^ this.#stream);
    this.#c = c | 0;
    this.#d = mix(Math.floor(index / RANGE) ^ c) | 1;
    for (let i = 0; i < 8; i += 1) this.uint32();
    return this;
  }

  uint32(): number {
    const b = this.#b;
    const c = this.#c;
    const d = this.#d;
    const t = (this.#a + b + d) | 0;
    this.#d = (d + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  next(): number {
    return this.uint32() / RANGE;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** The state is kept in variables meanwhile: a text may have a million characters. */
  fill(alphabet: Uint8Array, bytes: Uint8Array, from: number, to: number): void {
    const share = alphabet.length / RANGE;
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    for (let at = from; at < to; at += 1) {
      const t = (a + b + d) | 0;
      d = (d + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + t) | 0;
      bytes[at] = alphabet[((t >>> 0) * share) | 0]!;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}

/** At most `count` distinct entries of `entries`, all equally likely. */
export function drawDistinct<Entry>(
  entries: readonly Entry[],
  count: number,
  random: Random,
): readonly Entry[] {
  const left = [...entries];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(random.below(left.length), 1)[0]!,
  );
}
