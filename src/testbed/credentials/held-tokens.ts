/** @module The tokens that agents hold, and what their calls should get: both change while a load runs, and the load is told. */
import type { IssuedToken } from '../../credentials/issued-token.ts';
import type { AuthUpdate, Expected } from '../../generator/engine/load-auth.ts';
import { epochMs } from '../../units/clock.ts';
import type { Millis } from '../../units/time.ts';

/** The tokens of all agents. */
export class HeldTokens {
  readonly #tokens: (IssuedToken | null)[];
  /** Agents whose token had expired before they got another one. */
  readonly #late = new Set<number>();
  readonly #listeners: ((update: AuthUpdate) => void)[] = [];

  /** By agent. */
  constructor(tokens: readonly (IssuedToken | null)[]) {
    this.#tokens = [...tokens];
  }

  /** Of one agent; null: it has none. */
  of(agent: number): IssuedToken | null {
    return this.#tokens[agent] ?? null;
  }

  /** `agents` hold other tokens from now on. */
  replace(agents: readonly number[], tokens: readonly (IssuedToken | null)[]): void {
    for (const [index, agent] of agents.entries()) {
      if (this.#hasExpired(agent)) this.#late.add(agent);
      this.#tokens[agent] = tokens[index] ?? null;
    }
    const values = { tokens: tokens.map(textOf), expiresAtEpochMs: tokens.map(expiryOf) };
    this.#tell({ kind: 'tokens', agents, ...values, atEpochMs: epochMs() });
  }

  /** How many of `agents` have held an expired token so far. */
  countExpired(agents: readonly number[]): number {
    return agents.filter((agent) => this.#late.has(agent) || this.#hasExpired(agent)).length;
  }

  /** Event number `event` begins to change what `agents` may do. */
  begun(event: number, agents: readonly number[]): void {
    this.#tell({ kind: 'begun', event, agents, atEpochMs: epochMs() });
  }

  /** From now on, calls of `agents` should get `expected`. */
  confirmed(event: number, agents: readonly number[], expected: readonly Expected[]): void {
    this.#tell({ kind: 'confirmed', event, agents, expected, atEpochMs: epochMs() });
  }

  subscribe(listener: (update: AuthUpdate) => void): void {
    this.#listeners.push(listener);
  }

  #hasExpired(agent: number): boolean {
    return (this.#tokens[agent]?.expiresAtEpochMs ?? Infinity) <= epochMs();
  }

  #tell(update: AuthUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }
}

const textOf = (token: IssuedToken | null): string | null => token?.value ?? null;

/** When a token expires; null: that is not known, or there is none. */
export const expiryOf = (token: IssuedToken | null): Millis | null => token?.expiresAtEpochMs ?? null;
