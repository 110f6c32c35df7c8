/** @module Caches in virtual time that have room for everything, as arrays: a lookup takes some ten nanoseconds. */
import type { Random } from '../units/random.ts';
import type { Micros } from '../units/time.ts';
import { type Lookups, type Slots, UNIT } from './lookups.ts';
import { type Answer, type AnswerLookup, FETCH, type VirtualCaches, WAIT } from './virtual-caches.ts';

/**
 * All caches of a replay. Each entry has a chain of its fetches in the order of time: the first one is the latest that is
 * answered, or the only one under way.
 */
export class UnlimitedCaches {
  readonly #at10Us: Int32Array;
  readonly #slotOf: Int32Array;
  readonly #singleFlight: boolean;
  readonly #jitter: number;
  readonly #fetchUs: Micros;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** By lookup that fetched: the next one of its chain, or -1; and the lifetime of its answer. */
  readonly #next: Int32Array;
  readonly #lifetimes: Float64Array;

  constructor(
    { at10Us }: Lookups,
    { slotOf, count }: Slots,
    { singleFlight, jitter, fetchUs }: VirtualCaches,
  ) {
    this.#at10Us = at10Us;
    this.#slotOf = slotOf;
    this.#singleFlight = singleFlight;
    this.#jitter = jitter;
    this.#fetchUs = fetchUs;
    this.#first = new Int32Array(count);
    this.#last = new Int32Array(count);
    this.#next = new Int32Array(at10Us.length);
    this.#lifetimes = new Float64Array(jitter === 0 ? 0 : at10Us.length);
  }

  /** Empties all caches: from now on, results have this lifetime. */
  begin(ttlUs: Micros, random: Random): AnswerLookup {
    this.#first.fill(-1);
    return (index, nowUs) => this.#answer(index, nowUs, ttlUs, random);
  }

  #answer(index: number, nowUs: Micros, ttlUs: Micros, random: Random): Answer {
    const slot = this.#slotOf[index]!;
    const first = this.#latest(slot, nowUs);
    if (first >= 0) {
      const received = this.#received(first);
      const lifetimeUs = this.#jitter === 0 ? ttlUs : this.#lifetimes[first]!;
      if (received <= nowUs && nowUs < received + lifetimeUs) return received;
      const last = this.#last[slot]!;
      if (this.#singleFlight && nowUs < this.#received(last)) return WAIT;
      this.#next[last] = index;
    } else this.#first[slot] = index;
    this.#last[slot] = index;
    this.#next[index] = -1;
    if (this.#jitter !== 0) this.#lifetimes[index] = ttlUs * (1 - this.#jitter * random.next());
    return FETCH;
  }

  /** The latest fetch for an entry that is answered, else the first one under way; -1 when there was none. */
  #latest(slot: number, nowUs: Micros): number {
    let first = this.#first[slot]!;
    if (first < 0) return first;
    for (let next = this.#next[first]!; next >= 0 && this.#received(next) <= nowUs; next = this.#next[next]!)
      first = next;
    this.#first[slot] = first;
    return first;
  }

  #received(index: number): Micros {
    return this.#at10Us[index]! * UNIT + this.#fetchUs;
  }
}
