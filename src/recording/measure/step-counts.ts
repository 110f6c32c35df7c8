/** @module Counts in steps of 100 ms. */
import { type Micros, SECOND } from '../../units/time.ts';

/** The length of a step. */
export const STEP: Micros = SECOND / 10;

/** Events counted by the step in which they were. */
export class StepCounts {
  readonly #steps: number[] = [];

  /** `us` from the start; what is earlier is not counted. */
  add(us: Micros): void {
    if (us < 0) return;
    const step = Math.floor(us / STEP);
    while (this.#steps.length <= step) this.#steps.push(0);
    this.#steps[step]! += 1;
  }

  counts(): readonly number[] {
    return [...this.#steps];
  }
}
