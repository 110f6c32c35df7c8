/** @module Which use of its token a call is: the first one finds no cache that knows the token. */
import type { TokenUse } from './auth-counts.ts';

/** Uses up to this one are early. */
export const EARLY_USES = 10;

/** The first uses of tokens by calls that have not ended yet. The layer of the credentials, which sees every request of an agent, writes to it. */
export class TokenUses {
  readonly #early = new Map<number, TokenUse>();

  /** Call `seq` is sent, as use number `use` of its token, from 1 on. Later uses than {@link EARLY_USES} need not be told. */
  sent(seq: number, use: number): void {
    this.#early.set(seq, use === 1 ? 'first' : 'early');
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
