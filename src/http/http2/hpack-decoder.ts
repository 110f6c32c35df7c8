/** @module Header blocks read into fields (RFC 7541). */
import type { Http2Fault } from './fault.ts';
import { ENTRY_BYTES, HeaderTable, UNSOUND_NAME, UNSOUND_VALUE } from './header-table.ts';
import { STATIC_LAST, STATIC_NAMES, STATIC_VALUES } from './static-table.ts';
import { WireTexts } from './wire-texts.ts';

/** SETTINGS_HEADER_TABLE_SIZE when nobody names another (RFC 9113, section 6.5.2). */
export const TABLE_BYTES = 4096;
/** Most bytes of the fields of one block, each counted with {@link ENTRY_BYTES} more: as for SETTINGS_MAX_HEADER_LIST_SIZE. */
export const LIST_LIMIT: number = 64 * 1024;

/** More than any length or index in a valid block. */
const INTEGER_LIMIT = 2 ** 24;
/** Bytes of a number after its prefix; more are zeros at best. */
const INTEGER_BYTES = 5;
const CODED = 0x80;

/** Takes the fields of a header block, one after the other. */
export interface FieldSink {
  /**
   * Takes a field, as Latin-1. `sound`: its name is a lower-case token, a colon before it or not, and its value has no control
   * characters and no white space around it; a field that is not sound makes its message malformed.
   */
  field(name: string, value: string, sound: boolean): void;
}

/** Reads the header blocks of one connection, which must come in order and complete: each changes the table for the next. */
export class HpackDecoder {
  readonly #most: number;
  readonly #table: HeaderTable;
  readonly #names = new WireTexts('name');
  readonly #values = new WireTexts('value');
  /** Where the next byte is. */
  #at = 0;
  #listBytes = 0;
  /** How often the table has changed. The bytes of a block that left it as it was mean the same until the next change. */
  changes = 0;

  /** @param most - bytes of the dynamic table: our SETTINGS_HEADER_TABLE_SIZE. */
  constructor(most: number = TABLE_BYTES) {
    this.#most = most;
    this.#table = new HeaderTable(most);
  }

  /**
   * Reads the complete block in [`from`, `to`) and hands its fields to `sink`. After a fault the connection has to end, because
   * the tables of the two sides differ.
   */
  decode(bytes: Buffer, from: number, to: number, sink: FieldSink): Http2Fault | undefined {
    this.#at = from;
    this.#listBytes = 0;
    let fault = this.#resizes(bytes, to);
    while (this.#at < to && fault === undefined) {
      const byte = bytes[this.#at]!;
      if (byte >= 0x80) fault = this.#indexed(bytes, to, sink);
      else if (byte >= 0x40) fault = this.#literal(bytes, to, 0x3f, sink);
      else if (byte >= 0x20) fault = 'hpack-resize';
      else fault = this.#literal(bytes, to, 0x0f, sink);
    }
    return fault;
  }

  /** Table sizes, which come before the fields. */
  #resizes(bytes: Buffer, to: number): Http2Fault | undefined {
    while (this.#at < to && (bytes[this.#at]! & 0xe0) === 0x20) {
      const size = this.#integer(bytes, to, 0x1f);
      if (size < 0) return 'hpack-integer';
      if (size > this.#most) return 'hpack-resize';
      this.#table.resize(size);
      this.changes += 1;
    }
    return undefined;
  }

  #indexed(bytes: Buffer, to: number, sink: FieldSink): Http2Fault | undefined {
    const index = this.#integer(bytes, to, 0x7f);
    if (index < 0) return 'hpack-integer';
    if (index > 0 && index <= STATIC_LAST)
      return this.#emit(STATIC_NAMES[index]!, STATIC_VALUES[index]!, 0, sink);
    const age = index - STATIC_LAST - 1;
    const table = this.#table;
    if (index === 0 || age >= table.length) return 'hpack-index';
    return this.#emit(table.name(age), table.value(age), table.flaws(age), sink);
  }

  /** A field whose value, and maybe name, is in the block. `mask`: of the index; 6 bits for a field that goes into the table. */
  #literal(bytes: Buffer, to: number, mask: number, sink: FieldSink): Http2Fault | undefined {
    const index = this.#integer(bytes, to, mask);
    if (index < 0) return 'hpack-integer';
    const age = index - STATIC_LAST - 1;
    if (age >= this.#table.length) return 'hpack-index';
    let name: string | undefined;
    let flaws = 0;
    if (index === 0) {
      name = this.#string(bytes, to, this.#names);
      if (name === undefined) return this.#stringFault;
      flaws = this.#names.sound ? 0 : UNSOUND_NAME;
    } else if (age < 0) name = STATIC_NAMES[index]!;
    else {
      name = this.#table.name(age);
      flaws = this.#table.flaws(age) & UNSOUND_NAME;
    }
    const value = this.#string(bytes, to, this.#values);
    if (value === undefined) return this.#stringFault;
    if (!this.#values.sound) flaws |= UNSOUND_VALUE;
    if (mask === 0x3f) {
      this.#table.add(name, value, flaws);
      this.changes += 1;
    }
    return this.#emit(name, value, flaws, sink);
  }

  #emit(name: string, value: string, flaws: number, sink: FieldSink): Http2Fault | undefined {
    this.#listBytes += name.length + value.length + ENTRY_BYTES;
    if (this.#listBytes > LIST_LIMIT) return 'head-size';
    sink.field(name, value, flaws === 0);
    return undefined;
  }

  /** Why {@link #string} returned nothing. */
  #stringFault: Http2Fault = 'hpack-string';

  /** The string that comes next; `undefined`: see {@link #stringFault}. */
  #string(bytes: Buffer, to: number, texts: WireTexts): string | undefined {
    this.#stringFault = 'hpack-string';
    if (this.#at >= to) return undefined;
    const coded = bytes[this.#at]! >= CODED;
    const length = this.#integer(bytes, to, 0x7f);
    if (length < 0) this.#stringFault = 'hpack-integer';
    const from = this.#at;
    if (length < 0 || length > to - from) return undefined;
    this.#at = from + length;
    this.#stringFault = 'hpack-huffman';
    return texts.of(bytes, from, from + length, coded);
  }

  /** The number that begins in the bits of `mask` of the next byte (RFC 7541, section 5.1); -1 when it is too large or cut off. */
  #integer(bytes: Buffer, to: number, mask: number): number {
    const prefix = bytes[this.#at]! & mask;
    this.#at += 1;
    if (prefix < mask) return prefix;
    let value = mask;
    for (let i = 0, factor = 1; i < INTEGER_BYTES && this.#at < to; i += 1, factor *= 128) {
      const byte = bytes[this.#at]!;
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value <= INTEGER_LIMIT ? value : -1;
    }
    return -1;
  }
}
