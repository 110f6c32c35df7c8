/** @module Renews tokens before they expire, a few at a time, while a load runs. */
import type { IssuedToken } from '../../credentials/issued-token.ts';
import type { After, Cancel } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';

export interface RenewalOptions {
  /** The token of an agent as it is now; null: it has none to renew. */
  readonly tokenOf: (agent: number) => IssuedToken | null;
  /** Gets and installs new tokens for `agents`, which may be of several identities. Rejects when one cannot be had. */
  readonly renew: (agents: readonly number[]) => Promise<void>;
  readonly after: After;
  readonly now: () => Millis;
}

/** Between two looks at what is due. */
const LOOK_EVERY: Micros = 250_000;
/** Tokens that are asked for together. The load gets each batch when it is complete. */
const BATCH = 64;
/** A token is renewed when this share of its lifetime is left, or this time if that is shorter. */
const SHARE_LEFT = 0.2;
const MOST_LEFT_MS: Millis = 30_000;
/** After a failure. */
const RETRY_MS: Millis = 1000;

/** The tokens of some agents, renewed until it is stopped. */
export class Renewal {
  readonly #options: RenewalOptions;
  /** When each agent needs a new token, on the epoch. */
  readonly #due = new Map<number, Millis>();
  #failure: unknown;
  #cancel: Cancel = () => {};
  #busy: Promise<void> | undefined;
  #over = false;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /** Begins to look after `agents`, whose tokens were all issued within a short time. They fall due spread over the last part of the lifetime. */
  start(agents: readonly number[]): void {
    this.schedule(agents);
    this.#look();
  }

  /** Plans the renewal of `agents` anew, whose tokens have changed. Those without an expiry are never renewed. */
  schedule(agents: readonly number[]): void {
    const now = this.#options.now();
    for (const [place, agent] of agents.entries()) {
      const expiry = this.#options.tokenOf(agent)?.expiresAtEpochMs;
      if (expiry === undefined) this.#due.delete(agent);
      else this.#due.set(agent, dueOf(expiry, now, place / agents.length));
    }
  }

  /** Renews none of `agents` any more. */
  forget(agents: readonly number[]): void {
    for (const agent of agents) this.#due.delete(agent);
  }

  /** Why a renewal failed first, for display; null: none did. */
  failure(): string | null {
    if (this.#failure === undefined) return null;
    return this.#failure instanceof Error ? this.#failure.message : String(this.#failure);
  }

  /** Begins no further request, and resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#cancel();
    await this.#busy;
  }

  #look(): void {
    this.#cancel = this.#options.after(LOOK_EVERY, () => {
      this.#busy = this.#renewDue().finally(() => {
        if (!this.#over) this.#look();
      });
    });
  }

  async #renewDue(): Promise<void> {
    const now = this.#options.now();
    const due = [...this.#due].flatMap(([agent, dueMs]) => (dueMs <= now ? [agent] : []));
    for (let from = 0; from < due.length && !this.#over; from += BATCH)
      await this.#renewBatch(due.slice(from, from + BATCH));
  }

  async #renewBatch(batch: readonly number[]): Promise<void> {
    // Since they fell due, their tokens may have been replaced or given up.
    const agents = batch.filter((agent) => (this.#due.get(agent) ?? Infinity) <= this.#options.now());
    try {
      await this.#options.renew(agents);
    } catch (error) {
      this.#failure ??= error;
      const retryAt = this.#options.now() + RETRY_MS;
      for (const agent of agents) if (this.#due.has(agent)) this.#due.set(agent, retryAt);
    }
  }
}

/** `part` in [0, 1): the agent's place among those whose tokens were issued together. */
function dueOf(expiry: Millis, now: Millis, part: number): Millis {
  const left = Math.min(SHARE_LEFT * (expiry - now), MOST_LEFT_MS);
  return expiry - left * (1 + part);
}
