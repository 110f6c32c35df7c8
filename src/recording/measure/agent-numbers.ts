/** @module One number for each agent, by index: the array grows with the largest index. */

/** Numbers of agents, all the same at first. */
export class AgentNumbers {
  #numbers: Int32Array;
  readonly #first: number;

  /** @param first - of an agent that has none yet. */
  constructor(first: number) {
    this.#first = first;
    this.#numbers = new Int32Array(16).fill(first);
  }

  get(agent: number): number {
    return this.#numbers[agent] ?? this.#first;
  }

  set(agent: number, value: number): void {
    if (agent >= this.#numbers.length) {
      const larger = new Int32Array(Math.max(agent + 1, this.#numbers.length * 2)).fill(this.#first);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[agent] = value;
  }

  /** Agents that may have a number other than the first one: their indexes are below this. */
  get length(): number {
    return this.#numbers.length;
  }
}
