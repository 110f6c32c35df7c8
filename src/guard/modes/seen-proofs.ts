/** @module The ids of proofs that were used, so that none counts twice. Source: RFC 9449, section 11.1. */

/** Ids with an end in the same span of time are forgotten together. */
const SPAN_SECONDS = 15;

/**
 * Ids of proofs, each kept until its proof is too old to be accepted anyway. Its size is bounded by time: only a proof that was verified
 * gets here, which takes longer than to keep its id.
 */
export class SeenProofs {
  /** By the number of the span of time in which their proofs end. */
  readonly #spans = new Map<number, Set<string>>();

  /** Whether `id` is new; then it is kept until `until`. Times are seconds on one clock. */
  add(id: string, until: number, now: number): boolean {
    for (const [span, ids] of this.#spans) {
      if ((span + 1) * SPAN_SECONDS <= now) this.#spans.delete(span);
      else if (ids.has(id)) return false;
    }
    const span = Math.floor(until / SPAN_SECONDS);
    const ids = this.#spans.get(span) ?? new Set();
    this.#spans.set(span, ids.add(id));
    return true;
  }

  /** How many ids are kept. */
  get size(): number {
    return [...this.#spans.values()].reduce((sum, ids) => sum + ids.size, 0);
  }
}
