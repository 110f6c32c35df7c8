/** @module The only module that draws random numbers. Every draw is a function of (seed, stream, index), so a run can be repeated byte for byte. */

/** Named streams, so that an added draw in one stream never changes the draws of another. */
export type Stream =
  | 'arrival'
  | 'call'
  | 'agent'
  | 'argument'
  | 'order'
  | 'balancer'
  | 'service'
  | 'fault'
  | 'revocation'
  | 'trace'
  | 'cache';

/** A sequence of draws. */
export interface Random {
  /** A 32-bit unsigned integer. */
  uint32(): number;
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
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

/** The sequence of `stream` at `index` under `seed` (sfc32 by Chris Doty-Humphrey, seeded through MurmurHash3's finaliser). */
export function randomAt(seed: number, stream: Stream, index = 0): Random {
  let a = mix(seed ^ 0x9e3779b9);
  let b = mix(hash32(stream) ^ a);
  let c = mix((index >>> 0) ^ b);
  let d = mix(Math.floor(index / 2 ** 32) ^ c) | 1;
  const uint32 = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 8; i += 1) uint32();
  const next = (): number => uint32() / 2 ** 32;
  return { uint32, next, below: (bound) => Math.floor(next() * bound) };
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
