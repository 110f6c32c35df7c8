/** @module The dynamic table of HPACK (RFC 7541, sections 2.3.2 and 4): the latest fields, as ready strings. */

/** What an entry takes beside its name and value (RFC 7541, section 4.1). */
export const ENTRY_BYTES = 32;

/** What is wrong with an entry, as bits. */
export const UNSOUND_NAME = 1;
export const UNSOUND_VALUE = 2;

/** The last fields that fit into a number of bytes, the newest first. */
export class HeaderTable {
  /** A ring, as long as there can be entries. */
  readonly #names: string[];
  readonly #values: string[];
  readonly #flaws: Uint8Array;
  readonly #mask: number;
  /** Where the next entry goes. */
  #next = 0;
  #bytes = 0;
  #limit: number;
  length = 0;

  /** @param most - bytes that the table never exceeds. */
  constructor(most: number) {
    const entries = 2 ** Math.ceil(Math.log2(Math.max(2, most / ENTRY_BYTES)));
    this.#names = Array.from({ length: entries }, () => '');
    this.#values = Array.from({ length: entries }, () => '');
    this.#flaws = new Uint8Array(entries);
    this.#mask = entries - 1;
    this.#limit = most;
  }

  /** Sets how many bytes the table may have, and evicts what no longer fits. */
  resize(bytes: number): void {
    this.#limit = bytes;
    this.#evict(bytes);
  }

  /** Adds an entry, and evicts the oldest ones for it. One that is larger than the table empties it (RFC 7541, section 4.4). */
  add(name: string, value: string, flaws: number): void {
    const bytes = name.length + value.length + ENTRY_BYTES;
    this.#evict(this.#limit - bytes);
    if (bytes > this.#limit) return;
    const at = this.#next;
    this.#names[at] = name;
    this.#values[at] = value;
    this.#flaws[at] = flaws;
    this.#next = (at + 1) & this.#mask;
    this.#bytes += bytes;
    this.length += 1;
  }

  /** Of the entry that is `age` entries older than the newest; below {@link length}. */
  name(age: number): string {
    return this.#names[(this.#next - 1 - age) & this.#mask]!;
  }

  value(age: number): string {
    return this.#values[(this.#next - 1 - age) & this.#mask]!;
  }

  flaws(age: number): number {
    return this.#flaws[(this.#next - 1 - age) & this.#mask]!;
  }

  /** Removes the oldest entries until at most `bytes` are left. */
  #evict(bytes: number): void {
    while (this.#bytes > bytes && this.length > 0) {
      const oldest = this.length - 1;
      this.#bytes -= this.name(oldest).length + this.value(oldest).length + ENTRY_BYTES;
      this.length = oldest;
    }
  }
}
