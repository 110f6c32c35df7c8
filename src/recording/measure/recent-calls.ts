/** @module Decided calls that wait to be judged, because the message about a change of rights may come later than answers that it concerns. */
import type { Micros } from '../../units/time.ts';

/** A call that a check has decided. Mutable, because one object serves all calls. */
export interface DecidedCall {
  agent: number;
  /** Index into the mix. */
  call: number;
  /** An index into {@link DECISIONS}. */
  decision: number;
  /** Number of the instance that answered. */
  instance: number;
  /** A value of {@link VALIDITY}. */
  validity: number;
  sentUs: Micros;
  doneUs: Micros;
}

/** What was answered, by the number of a decision. */
export const DECISIONS = ['allowed', 'unauthorized', 'forbidden'] as const;

/** The token of a call when it was sent: valid; valid, and expired before the answer or so lately that it may still be accepted; expired. */
export const VALIDITY = { valid: 0, expiring: 1, expired: 2 } as const;

export const newCall = (): DecidedCall => ({
  agent: 0,
  call: 0,
  decision: 0,
  instance: 0,
  validity: 0,
  sentUs: 0,
  doneUs: 0,
});

const FIRST_CAPACITY = 1024;
/** Numbers per call. */
const WIDTH = 7;

/** A queue in one array of numbers: it allocates only when it grows. */
export class RecentCalls {
  #numbers = new Float64Array(FIRST_CAPACITY * WIDTH);
  #first = 0;
  #length = 0;

  push({ agent, call, decision, instance, validity, sentUs, doneUs }: DecidedCall): void {
    if (this.#length === this.#capacity) this.#grow();
    const at = ((this.#first + this.#length) % this.#capacity) * WIDTH;
    const numbers = this.#numbers;
    numbers[at] = agent;
    numbers[at + 1] = call;
    numbers[at + 2] = decision;
    numbers[at + 3] = instance;
    numbers[at + 4] = validity;
    numbers[at + 5] = sentUs;
    numbers[at + 6] = doneUs;
    this.#length += 1;
  }

  /** Takes the first call out into `into`, if it ended before `beforeUs`. */
  shift(beforeUs: Micros, into: DecidedCall): boolean {
    if (this.#length === 0) return false;
    const at = this.#first * WIDTH;
    const numbers = this.#numbers;
    if (numbers[at + 6]! >= beforeUs) return false;
    into.agent = numbers[at]!;
    into.call = numbers[at + 1]!;
    into.decision = numbers[at + 2]!;
    into.instance = numbers[at + 3]!;
    into.validity = numbers[at + 4]!;
    into.sentUs = numbers[at + 5]!;
    into.doneUs = numbers[at + 6]!;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#length -= 1;
    return true;
  }

  get #capacity(): number {
    return this.#numbers.length / WIDTH;
  }

  #grow(): void {
    const { length } = this.#numbers;
    const larger = new Float64Array(length * 2);
    const from = this.#first * WIDTH;
    larger.set(this.#numbers.subarray(from));
    larger.set(this.#numbers.subarray(0, from), length - from);
    this.#numbers = larger;
    this.#first = 0;
  }
}
