/** @module Sends the calls that are due in portions, between which the event loop reads answers. */
import { clampTime, decodeHistogram, percentileOf, Tally } from '../../recording/histogram.ts';
import { Fifo } from '../../units/fifo.ts';
import type { Micros } from '../../units/time.ts';
import type { Slot } from './slot.ts';

/** Calls of a portion: some 0.3 ms of work. */
const PORTION = 32;

/**
 * A generator that was stopped for half a second finds thousands of calls due. If it sent them all before it looked for answers, all
 * connections would be busy, the driver would open one for each call, and the generator would be late again for as long as that takes.
 */
export class Portions {
  readonly #send: (slot: Slot) => void;
  /** Due, and in no portion yet. */
  readonly #late = new Fifo<Slot>();
  readonly #lateness = new Tally();
  #room = 0;
  #isOpen = false;
  #nowUs: Micros = 0;

  constructor(send: (slot: Slot) => void) {
    this.#send = send;
  }

  /** Whether calls wait for the next portion. */
  get isBehind(): boolean {
    return this.#late.size > 0;
  }

  /** Sends the next portion: of the calls that wait, then of those that `takeDue` adds. It is to be called once in a turn of the event loop. */
  next(nowUs: Micros, takeDue: (nowUs: Micros) => void): void {
    this.#nowUs = nowUs;
    this.#room = PORTION;
    this.#isOpen = true;
    while (this.#room > 0 && this.isBehind) this.#sendDue(this.#late.shift()!);
    takeDue(nowUs);
    this.#isOpen = false;
  }

  /** Sends a call: at once if it follows an answer, in its portion if its time has come. */
  add(slot: Slot): void {
    if (!this.#isOpen) this.#send(slot);
    else if (this.#room > 0) this.#sendDue(slot);
    else this.#late.push(slot);
  }

  /** How late calls were sent that were due by their time, 99th percentile. */
  latenessP99Us(): Micros {
    return percentileOf(decodeHistogram(this.#lateness.series().histogram), 99);
  }

  #sendDue(slot: Slot): void {
    this.#room -= 1;
    this.#lateness.record(clampTime(this.#nowUs - slot.dueAtUs));
    this.#send(slot);
  }
}
