/** @module The turns of a closed loop that follow answers. */
import { atTurnsEnd } from '../../units/turn-end.ts';

/**
 * Takes turns that are owed once all answers that had come were read. To read them in a row, and then to send in a row, takes some 8 %
 * less than to change between both (docs/decisions/0036-turns-in-a-row.md).
 */
export class OwedTurns {
  readonly #take: (turns: number) => void;
  #owed = 0;
  readonly #onTurnsEnd = (): void => {
    const turns = this.#owed;
    this.#owed = 0;
    this.#take(turns);
  };

  /** `take` takes as many turns as it is told. */
  constructor(take: (turns: number) => void) {
    this.#take = take;
  }

  owe(): void {
    this.#owed += 1;
    if (this.#owed === 1) atTurnsEnd(this.#onTurnsEnd);
  }
}
