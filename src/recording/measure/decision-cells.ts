/** @module Decisions counted by identity, change of rights, kind of call, instance and expectation. */
import type { DecisionCell } from './auth-counts.ts';
import type { Expected, JudgedLoad } from './auth-load.ts';
import { DECISIONS, type DecidedCall } from './recent-calls.ts';

const EXPECTED: readonly Expected[] = ['allow', 'unauthorized', 'forbidden'];
const INDEX: Readonly<Record<Expected, number>> = { allow: 0, unauthorized: 1, forbidden: 2 };

/** The cells of one worker. */
export class DecisionCells {
  readonly #load: JudgedLoad;
  readonly #calls: readonly string[];
  /** Counts of each cell, one after the other, by its number. */
  readonly #cells = new Map<number, Uint32Array>();

  /** @param calls - names of the mix, by index. */
  constructor(load: JudgedLoad, calls: readonly string[]) {
    this.#load = load;
    this.#calls = calls;
  }

  /** Counts `call` of an agent of `identity`, whose rights event `event` has changed last (-1: none). */
  add({ call, instance, decision }: DecidedCall, identity: number, event: number, expected: Expected): void {
    const { identities, events } = this.#load;
    let cell = instance;
    cell = cell * (events.length + 1) + event + 1;
    cell = cell * identities.length + identity;
    cell = cell * this.#calls.length + call;
    cell = cell * EXPECTED.length + INDEX[expected];
    let counts = this.#cells.get(cell);
    if (counts === undefined) {
      counts = new Uint32Array(DECISIONS.length);
      this.#cells.set(cell, counts);
    }
    counts[decision]! += 1;
  }

  /** The cells as plain data; `instances` has the names of instances, by number. */
  counts(instances: readonly string[]): readonly DecisionCell[] {
    return [...this.#cells].map(([number, counts]) => {
      const { identities, events } = this.#load;
      let rest = number;
      const next = (size: number): number => {
        const index = rest % size;
        rest = (rest - index) / size;
        return index;
      };
      const expected = EXPECTED[next(EXPECTED.length)]!;
      const call = this.#calls[next(this.#calls.length)]!;
      const identity = identities[next(identities.length)]!.name;
      const event = next(events.length + 1) - 1;
      const instance = instances[rest]!;
      const [allowed, unauthorized, forbidden] = counts as unknown as readonly [number, number, number];
      return { identity, event, call, instance, expected, allowed, unauthorized, forbidden };
    });
  }
}
