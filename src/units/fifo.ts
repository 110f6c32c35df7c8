/** @module A queue that stops allocating once it has reached its maximum length. */

/** A power of two, as every later capacity is. */
const FIRST_CAPACITY = 64;

/** First in, first out, in a ring. */
export class Fifo<T> {
  #ring: (T | undefined)[] = new Array<undefined>(FIRST_CAPACITY).fill(undefined);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
    this.#size += 1;
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size -= 1;
    return item;
  }

  /** Doubles the ring, its first item at the start. */
  #grow(): void {
    const { length } = this.#ring;
    const grown = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)];
    this.#ring = grown.concat(new Array<undefined>(length).fill(undefined));
    this.#head = 0;
  }
}
