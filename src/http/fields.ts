/** @module Header fields: one line each, read strictly (RFC 9112, section 5), and their names recognised. */
import { ascii, COLON, CR, SPACE, spells, TAB, TOKEN, VALUE } from './bytes.ts';
import { BAD, lineEnd, UNFINISHED } from './line.ts';

/** Takes the fields of a head, one after the other. */
export interface FieldTaker {
  /**
   * Takes a field: its name begins at `from` and ends at `nameTo`, its value, without the white space around it, lies in
   * [`valueFrom`, `valueTo`), the next line begins at `next`. Returns whether the field is valid; when it is not, the head is
   * rejected.
   */
  take(
    bytes: Buffer,
    from: number,
    nameTo: number,
    valueFrom: number,
    valueTo: number,
    next: number,
  ): boolean;
}

/**
 * Reads field lines from `from` on and hands them to `taker`. Returns where the first line begins that is not a whole field:
 * the empty one that ends the head, one whose end has not come yet, or `end`. Returns BAD for a malformed line (a folded one or
 * one with space before the colon, too), and when the taker refuses a field.
 */
export function readFields(bytes: Buffer, from: number, end: number, taker: FieldTaker): number {
  let at = from;
  while (at < end && bytes[at] !== CR) {
    let colon = at;
    while (colon < end && TOKEN[bytes[colon]!] === 1) colon += 1;
    if (colon === end) return at;
    if (colon === at || bytes[colon] !== COLON) return BAD;
    let start = colon + 1;
    while (start < end && isSpace(bytes[start]!)) start += 1;
    let stop = start;
    while (stop < end && VALUE[bytes[stop]!] === 1) stop += 1;
    const next = lineEnd(bytes, stop, end);
    if (next === UNFINISHED) return at;
    if (next === BAD) return BAD;
    while (stop > start && isSpace(bytes[stop - 1]!)) stop -= 1;
    if (!taker.take(bytes, at, colon, start, stop, next)) return BAD;
    at = next;
  }
  return at;
}

const isSpace = (byte: number): boolean => byte === SPACE || byte === TAB;

interface Known<Name> {
  readonly name: Name;
  readonly bytes: Uint8Array;
  /** Another name of the same length. */
  readonly other: Known<Name> | undefined;
}

/** Names of fields that a reader looks for, found by length and spelling, without making text of the bytes. */
export class FieldNames<Name extends string> {
  readonly #byLength: (Known<Name> | undefined)[];

  /** @param names - in lower case. */
  constructor(names: readonly Name[]) {
    const longest = Math.max(...names.map((name) => name.length));
    // No holes: a look-up in an array with holes is slower.
    this.#byLength = Array.from({ length: longest + 1 }, () => undefined);
    for (const name of names) {
      this.#byLength[name.length] = { name, bytes: ascii(name), other: this.#byLength[name.length] };
    }
  }

  /** The name that the bytes in [`from`, `to`) spell, in any case; undefined when it is none of these. */
  of(bytes: Uint8Array, from: number, to: number): Name | undefined {
    const length = to - from;
    if (length >= this.#byLength.length) return undefined;
    let known = this.#byLength[length];
    while (known !== undefined && !spells(bytes, from, known.bytes)) known = known.other;
    return known?.name;
  }
}
