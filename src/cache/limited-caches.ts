/** @module Caches in virtual time that have a capacity, as arrays: the least recently used entry makes room, as in `ResponseCache`. */
import type { Random } from '../units/random.ts';
import type { Micros } from '../units/time.ts';
import { type Lookups, type Slots, UNIT } from './lookups.ts';
import { type Answer, type AnswerLookup, FETCH, type VirtualCaches, WAIT } from './virtual-caches.ts';

const NONE = -1;
/** Of an entry that is not kept. */
const NEVER: Micros = Number.NEGATIVE_INFINITY;

/** All caches of a replay. Answers are kept in the order in which they come, which is that of their fetches: each takes as long. */
export class LimitedCaches {
  readonly #at10Us: Int32Array;
  readonly #slots: Slots;
  readonly #options: VirtualCaches;
  /** By slot: when its answer was received, when it ends, and when the last fetch for it is answered. */
  readonly #received: Float64Array;
  readonly #ends: Float64Array;
  readonly #fetched: Float64Array;
  /** By slot: neighbours in the order of last use. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  /** By cache. */
  readonly #oldest: Int32Array;
  readonly #newest: Int32Array;
  readonly #sizes: Int32Array;
  /** Lookups that fetched, and how many of them have been answered and begun. */
  readonly #fetches: Int32Array;
  #answered = 0;
  #begun = 0;

  constructor({ at10Us }: Lookups, slots: Slots, options: VirtualCaches) {
    const { count, caches } = slots;
    this.#at10Us = at10Us;
    this.#slots = slots;
    this.#options = options;
    this.#received = new Float64Array(count);
    this.#ends = new Float64Array(count);
    this.#fetched = new Float64Array(count);
    this.#older = new Int32Array(count);
    this.#newer = new Int32Array(count);
    this.#oldest = new Int32Array(caches);
    this.#newest = new Int32Array(caches);
    this.#sizes = new Int32Array(caches);
    this.#fetches = new Int32Array(at10Us.length);
  }

  /** Empties all caches: from now on, results have this lifetime. */
  begin(ttlUs: Micros, random: Random): AnswerLookup {
    this.#ends.fill(NEVER);
    this.#fetched.fill(NEVER);
    this.#oldest.fill(NONE);
    this.#newest.fill(NONE);
    this.#sizes.fill(0);
    this.#answered = 0;
    this.#begun = 0;
    const { jitter } = this.#options;
    const lifetime = (): Micros => (jitter === 0 ? ttlUs : ttlUs * (1 - jitter * random.next()));
    return (index, nowUs) => {
      this.#keepAnswers(nowUs, lifetime);
      return this.#answer(index, nowUs);
    };
  }

  #answer(index: number, nowUs: Micros): Answer {
    const slot = this.#slots.slotOf[index]!;
    if (nowUs < this.#ends[slot]!) {
      this.#unlink(slot);
      this.#link(slot);
      return this.#received[slot]!;
    }
    const { singleFlight, fetchUs } = this.#options;
    if (singleFlight && nowUs < this.#fetched[slot]!) return WAIT;
    this.#fetched[slot] = nowUs + fetchUs;
    this.#fetches[this.#begun] = index;
    this.#begun += 1;
    return FETCH;
  }

  #keepAnswers(nowUs: Micros, lifetime: () => Micros): void {
    for (; this.#answered < this.#begun; this.#answered += 1) {
      const index = this.#fetches[this.#answered]!;
      const receivedUs = this.#at10Us[index]! * UNIT + this.#options.fetchUs;
      if (receivedUs > nowUs) return;
      this.#keep(this.#slots.slotOf[index]!, receivedUs, receivedUs + lifetime());
    }
  }

  #keep(slot: number, receivedUs: Micros, endUs: Micros): void {
    if (this.#ends[slot] !== NEVER) this.#drop(slot);
    if (endUs <= receivedUs) return;
    this.#received[slot] = receivedUs;
    this.#ends[slot] = endUs;
    const cache = this.#slots.cacheOf[slot]!;
    this.#sizes[cache]! += 1;
    this.#link(slot);
    if (this.#sizes[cache]! > this.#options.capacity!) this.#drop(this.#oldest[cache]!);
  }

  #drop(slot: number): void {
    this.#unlink(slot);
    this.#ends[slot] = NEVER;
    this.#sizes[this.#slots.cacheOf[slot]!]! -= 1;
  }

  /** Makes an entry the newest of its cache. */
  #link(slot: number): void {
    const cache = this.#slots.cacheOf[slot]!;
    const newest = this.#newest[cache]!;
    this.#older[slot] = newest;
    this.#newer[slot] = NONE;
    if (newest === NONE) this.#oldest[cache] = slot;
    else this.#newer[newest] = slot;
    this.#newest[cache] = slot;
  }

  #unlink(slot: number): void {
    const cache = this.#slots.cacheOf[slot]!;
    const [older, newer] = [this.#older[slot]!, this.#newer[slot]!];
    if (older === NONE) this.#oldest[cache] = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest[cache] = older;
    else this.#older[newer] = older;
  }
}
