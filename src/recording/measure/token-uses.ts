/** @module Which use of its token a call is: the first one finds no cache that knows the token. */
import type { TokenUse } from './auth-counts.ts';

/** Uses up to this one are early. */
const EARLY_USES = 10;

/** How often the token of each agent has been sent. The layer of the credentials, which sees every request of an agent, writes to it. */
export class TokenUses {
  /** By agent, up to one more than {@link EARLY_USES}. */
  readonly #uses: Uint8Array;
  /** The early uses of calls that have not ended yet, by the number of the call. */
  readonly #early = new Map<number, TokenUse>();

  constructor(agents: number) {
    this.#uses = new Uint8Array(agents);
  }

  /** The token of `agent` is sent; `seq` is the number of the call that counts, if it is one. */
  sent(agent: number, seq: number | undefined): void {
    const use = (this.#uses[agent] ?? 0) + 1;
    if (use > EARLY_USES + 1) return;
    this.#uses[agent] = use;
    if (seq !== undefined && use <= EARLY_USES) this.#early.set(seq, use === 1 ? 'first' : 'early');
  }

  /** `agents` have new tokens, which have not been sent yet. */
  renewed(agents: readonly number[]): void {
    for (const agent of agents) this.#uses[agent] = 0;
  }

  /** Call `seq` has ended: which use it was. Asked once. */
  take(seq: number): TokenUse {
    if (this.#early.size === 0) return 'later';
    const use = this.#early.get(seq);
    if (use === undefined) return 'later';
    this.#early.delete(seq);
    return use;
  }
}
