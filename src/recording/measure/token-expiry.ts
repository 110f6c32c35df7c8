/** @module When the tokens of agents expire: of each agent the token that it sends, and the one before it, with which calls may still be under way. */
import type { Micros } from '../../units/time.ts';

/** Times on the clock of the samples. Infinite: it does not matter. */
export class TokenExpiry {
  readonly #expiresUs: Float64Array;
  readonly #sinceUs: Float64Array;
  readonly #beforeUs: Float64Array;

  constructor(agents: number) {
    this.#expiresUs = new Float64Array(agents).fill(Number.POSITIVE_INFINITY);
    this.#sinceUs = new Float64Array(agents).fill(Number.NEGATIVE_INFINITY);
    this.#beforeUs = new Float64Array(agents).fill(Number.POSITIVE_INFINITY);
  }

  /** From `sinceUs` on, `agents` send tokens that expire at these times; null: it does not matter. */
  set(agents: readonly number[], expiresUs: readonly (Micros | null)[], sinceUs: Micros): void {
    for (const [i, agent] of agents.entries()) {
      this.#beforeUs[agent] = this.#expiresUs[agent]!;
      this.#expiresUs[agent] = expiresUs[i] ?? Number.POSITIVE_INFINITY;
      this.#sinceUs[agent] = sinceUs;
    }
  }

  /** When the token of a call expires that `agent` sent at `sentUs`. */
  of(agent: number, sentUs: Micros): Micros {
    return (sentUs < this.#sinceUs[agent]! ? this.#beforeUs : this.#expiresUs)[agent]!;
  }
}
