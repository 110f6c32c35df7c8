/** @module The turns of a closed loop that follow answers. */

/** Takes the turns of a closed loop that are owed for answers: at once, or in a row when all answers that had come were read. */
export class OwedTurns {
  readonly #inRow: boolean;
  readonly #take: (turns: number) => void;
  #owed = 0;
  readonly #onTurnsEnd = (): void => {
    const turns = this.#owed;
    this.#owed = 0;
    this.#take(turns);
  };

  /**
   * `inRow`: to read all answers and then to send all requests takes some 8 % less than to change between both, unless the driver joins
   * requests itself (docs/decisions/0036-turns-in-a-row.md). `take` takes as many turns as it is told.
   */
  constructor(inRow: boolean, take: (turns: number) => void) {
    this.#inRow = inRow;
    this.#take = take;
  }

  /** `alreadyInRow`: the answer is one of several that are handed over in a row. */
  owe(alreadyInRow = false): void {
    if (!this.#inRow || alreadyInRow) {
      this.#take(1);
      return;
    }
    this.#owed += 1;
    if (this.#owed === 1) setImmediate(this.#onTurnsEnd);
  }
}
