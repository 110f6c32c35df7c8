/** @module Fields written as header blocks (RFC 7541). */
import { putText } from '../../units/put-text.ts';
import { ENTRY_BYTES } from './header-table.ts';
import { TABLE_BYTES } from './hpack-decoder.ts';
import { huffmanLength, putHuffman } from './huffman.ts';
import { fieldKey, STATIC_FIELDS, STATIC_LAST, STATIC_NAME_INDICES } from './static-table.ts';

/** Names and values in turn, pseudo-header fields first, names in lower case, all Latin-1. */
export type FieldList = readonly string[];

/** First bytes of a field: what follows is an index, a literal for the table, one that is not, one that no proxy may index either. */
const INDEXED = 0x80;
const ADDED = 0x40;
const PLAIN = 0x00;
const NEVER = 0x10;
const RESIZE = 0x20;
/** Most bytes of a number. */
const INTEGER_BYTES = 4;
/** Most bytes of a field beside its texts. */
const FIELD_BYTES = 3 * INTEGER_BYTES;

/** Fields that no table may hold, because whether one repeats would tell what it says (RFC 7541, section 7.1.3). */
const SECRETS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'dpop',
  'proxy-authorization',
  'x-api-key',
]);

interface Block {
  readonly bytes: Buffer;
  /** Entries that the table had. */
  readonly entries: number;
}

/**
 * Writes the header blocks of one connection. Fields that repeat go into the dynamic table until it is full. Nothing is evicted:
 * a head whose fields came too late is written out each time, and the blocks of all others stay as they are.
 */
export class HpackEncoder {
  #limit = TABLE_BYTES;
  #bytes = 0;
  /** Entries so far, and which one a field is, counted from 1. */
  #entries = 0;
  readonly #fields = new Map<string, number>();
  /** By identity: heads are made once, not per call. */
  #blocks = new WeakMap<FieldList, Block>();
  #lastFields: FieldList | undefined = undefined;
  #lastBlock: Buffer = Buffer.alloc(0);
  /** Whether the next block has to begin with the size of the table. */
  #resized = false;

  /**
   * Takes the peer's SETTINGS_HEADER_TABLE_SIZE, and the smallest one that it named since the last block. A change empties the
   * table.
   */
  resize(bytes: number, smallest: number = bytes): void {
    const limit = Math.min(bytes, TABLE_BYTES);
    if (limit === this.#limit && smallest >= limit) return;
    this.#limit = limit;
    this.#bytes = 0;
    this.#entries = 0;
    this.#fields.clear();
    this.#blocks = new WeakMap();
    this.#lastFields = undefined;
    this.#resized = true;
  }

  /**
   * The beginning of a header block: `fields`, which repeat from request to request. Literal fields may follow it
   * ({@link literalFields}, {@link putLiteral}). Each result must be sent, in the order of the calls. Do not change it.
   */
  head(fields: FieldList): Buffer {
    if (fields === this.#lastFields) return this.#lastBlock;
    const known = this.#blocks.get(fields);
    if (known !== undefined && known.entries === this.#entries) return this.#keep(fields, known.bytes);
    const { entries } = this;
    const resized = this.#resized;
    const bytes = this.#write(fields);
    // A block that changed the table means something else the next time.
    this.#lastFields = undefined;
    if (resized || entries !== this.#entries) return bytes;
    this.#blocks.set(fields, { bytes, entries });
    return this.#keep(fields, bytes);
  }

  /** Entries in the dynamic table. */
  get entries(): number {
    return this.#entries;
  }

  #keep(fields: FieldList, bytes: Buffer): Buffer {
    this.#lastFields = fields;
    this.#lastBlock = bytes;
    return bytes;
  }

  #write(fields: FieldList): Buffer {
    const bytes = Buffer.allocUnsafe(roomFor(fields) + 2 * INTEGER_BYTES);
    let end = 0;
    if (this.#resized) {
      // To nothing first: the table was emptied.
      end = putInteger(bytes, end, RESIZE, 0x1f, 0);
      if (this.#limit > 0) end = putInteger(bytes, end, RESIZE, 0x1f, this.#limit);
      this.#resized = false;
    }
    for (let i = 0; i < fields.length; i += 2) end = this.#field(fields[i]!, fields[i + 1]!, bytes, end);
    return bytes.subarray(0, end);
  }

  #field(name: string, value: string, bytes: Buffer, at: number): number {
    if (SECRETS.has(name)) return putField(NEVER, 0x0f, name, value, bytes, at);
    const key = fieldKey(name, value);
    const fixed = STATIC_FIELDS.get(key);
    if (fixed !== undefined) return putInteger(bytes, at, INDEXED, 0x7f, fixed);
    const entry = this.#fields.get(key);
    if (entry !== undefined)
      return putInteger(bytes, at, INDEXED, 0x7f, STATIC_LAST + 1 + this.#entries - entry);
    const size = name.length + value.length + ENTRY_BYTES;
    if (this.#bytes + size > this.#limit) return putField(PLAIN, 0x0f, name, value, bytes, at);
    this.#bytes += size;
    this.#entries += 1;
    this.#fields.set(key, this.#entries);
    return putField(ADDED, 0x3f, name, value, bytes, at);
  }
}

/** Most bytes that `fields` take in a block. */
export function roomFor(fields: FieldList): number {
  let room = 0;
  for (const text of fields) room += text.length;
  return room + (fields.length / 2) * FIELD_BYTES;
}

/** `fields` as a part of a block that is the same on every connection and at any time; for those that repeat for one agent only. */
export function literalFields(fields: FieldList): Buffer {
  const bytes = Buffer.allocUnsafe(roomFor(fields));
  let end = 0;
  for (let i = 0; i < fields.length; i += 2) end = putLiteral(fields[i]!, fields[i + 1]!, bytes, end);
  return bytes.subarray(0, end);
}

/** Writes a field that no table gets, at `at`; for values that change from call to call. Returns where it ends; see {@link roomFor}. */
export function putLiteral(name: string, value: string, bytes: Buffer, at: number): number {
  const start = literalName(name);
  let end = at;
  for (let i = 0; i < start.length; i += 1, end += 1) bytes[end] = start[i]!;
  // Without the Huffman code: it is faster for both sides.
  return putText(value, bytes, putInteger(bytes, end, 0, 0x7f, value.length));
}

/** Up to the value, by name. */
const literalNames = new Map<string, Buffer>();
const MOST_NAMES = 256;

function literalName(name: string): Buffer {
  let bytes = literalNames.get(name);
  if (bytes === undefined) {
    bytes = Buffer.allocUnsafe(name.length + FIELD_BYTES);
    bytes = bytes.subarray(0, putName(SECRETS.has(name) ? NEVER : PLAIN, 0x0f, name, bytes, 0));
    if (literalNames.size >= MOST_NAMES) literalNames.clear();
    literalNames.set(name, bytes);
  }
  return bytes;
}

function putField(
  first: number,
  mask: number,
  name: string,
  value: string,
  bytes: Buffer,
  at: number,
): number {
  return putString(value, bytes, putName(first, mask, name, bytes, at));
}

/** Writes the first byte of a field and its name, as an index of the static table where that has it. */
function putName(first: number, mask: number, name: string, bytes: Buffer, at: number): number {
  const index = STATIC_NAME_INDICES.get(name);
  if (index !== undefined) return putInteger(bytes, at, first, mask, index);
  bytes[at] = first;
  return putString(name, bytes, at + 1);
}

/** Writes a string, in the Huffman code where that is shorter. */
function putString(text: string, bytes: Buffer, at: number): number {
  const coded = huffmanLength(text);
  if (coded < text.length) return putHuffman(text, bytes, putInteger(bytes, at, 0x80, 0x7f, coded));
  return putText(text, bytes, putInteger(bytes, at, 0, 0x7f, text.length));
}

/** Writes a number whose prefix is the bits of `mask` of a byte that begins with `first` (RFC 7541, section 5.1). */
function putInteger(bytes: Buffer, at: number, first: number, mask: number, value: number): number {
  if (value < mask) {
    bytes[at] = first | value;
    return at + 1;
  }
  bytes[at] = first | mask;
  let end = at + 1;
  let rest = value - mask;
  for (; rest >= 128; rest >>>= 7, end += 1) bytes[end] = (rest & 0x7f) | 0x80;
  bytes[end] = rest;
  return end + 1;
}
