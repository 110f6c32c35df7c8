/** @module The calls of a replay that wait for the result of another one: each is made as soon as that has ended, and not before its own time. */
import type { ReplayTally } from '../../recording/measure/replay.ts';
import type { CallEnd } from '../agent/caller.ts';
import type { ReplayedValues } from '../agent/replayed-values.ts';
import type { Arrival } from '../schedule/schedule.ts';

/** The waiting calls of a load. */
export class WaitingCalls {
  readonly #values: ReplayedValues;
  readonly #tally: ReplayTally | undefined;
  readonly #waiting = new Set<Arrival>();

  constructor(values: ReplayedValues, tally: ReplayTally | undefined) {
    this.#values = values;
    this.#tally = tally;
  }

  /** Whether the text of the answer is needed. */
  isWanted(seq: number): boolean {
    return this.#values.isWanted(seq);
  }

  /** A call is due. Returns whether it can be made now; otherwise it waits, or is left out. */
  take(arrival: Arrival): boolean {
    const readiness = this.#values.readiness(arrival.seq);
    if (readiness === 'ready') return true;
    this.#waiting.add(arrival);
    if (readiness === 'lost') this.#leaveOut(arrival);
    return false;
  }

  /** A call has ended, or was dropped (`undefined`). Returns the calls that are due now. */
  ended(seq: number, end: CallEnd | undefined): readonly Arrival[] {
    if (!this.isWanted(seq)) return [];
    if (end === undefined) this.#values.failed(seq);
    else this.#values.ended(seq, end);
    return this.#released();
  }

  /** No further call is made. */
  stop(): void {
    for (const arrival of this.#waiting) this.#leaveOut(arrival);
  }

  #released(): readonly Arrival[] {
    const ready: Arrival[] = [];
    // In the order of their numbers: a call that is left out comes before those that need it.
    for (const arrival of this.#waiting) {
      const readiness = this.#values.readiness(arrival.seq);
      if (readiness === 'lost') this.#leaveOut(arrival);
      else if (readiness === 'ready') {
        this.#waiting.delete(arrival);
        ready.push(arrival);
      }
    }
    return ready;
  }

  #leaveOut(arrival: Arrival): void {
    this.#waiting.delete(arrival);
    this.#values.failed(arrival.seq);
    this.#tally?.leftOut();
  }
}
