/** @module What is due later, by its time. */
import type { Micros } from '../../units/time.ts';

interface Entry<Item> {
  readonly dueUs: Micros;
  /** Of entries with the same time, the earlier one comes first. */
  readonly order: number;
  readonly item: Item;
}

/** A binary heap (J. W. J. Williams, 1964). */
export class DueHeap<Item> {
  readonly #entries: Entry<Item>[] = [];
  #order = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** When the first item is due; infinite when there is none. */
  get firstUs(): Micros {
    return this.#entries[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  push(dueUs: Micros, item: Item): void {
    const entries = this.#entries;
    const entry = { dueUs, order: this.#order, item };
    this.#order += 1;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (isBefore(entries[parent]!, entry)) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  /** Removes the item that is due first. */
  pop(): Item | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first?.item;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= entries.length) break;
      const right = left + 1;
      const child = right < entries.length && isBefore(entries[right]!, entries[left]!) ? right : left;
      if (isBefore(last, entries[child]!)) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return first.item;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.order < b.order);
