/** @module What the authorization server remembers: opaque tokens, and the ids of assertions and proofs that were used. Entries last until they expire. */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { type Clock, systemClock } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';

interface Stored {
  readonly payload: AdapterPayload;
  readonly expiresMs: Millis;
}

/** A store for every kind of entry. Servers with different keys share it, so that tokens outlive a rotation. */
export function createStore(clock: Pick<Clock, 'date'> = systemClock): AdapterFactory {
  const kinds = new Map<string, Adapter>();
  return (kind) => {
    const known = kinds.get(kind) ?? adapterOf(new Entries(clock));
    kinds.set(kind, known);
    return known;
  };
}

/** Entries of one kind, oldest first; they live about equally long. */
class Entries {
  readonly #entries = new Map<string, Stored>();
  readonly #clock: Pick<Clock, 'date'>;

  constructor(clock: Pick<Clock, 'date'>) {
    this.#clock = clock;
  }

  set(id: string, payload: AdapterPayload, expiresInSeconds = Infinity): void {
    this.#dropExpired();
    this.#entries.set(id, { payload, expiresMs: this.#nowMs() + expiresInSeconds * 1000 });
  }

  get(id: string): AdapterPayload | undefined {
    const stored = this.#entries.get(id);
    return stored !== undefined && stored.expiresMs > this.#nowMs() ? stored.payload : undefined;
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  /** Up to the first one that is still good. */
  #dropExpired(): void {
    const nowMs = this.#nowMs();
    for (const [id, { expiresMs }] of this.#entries) {
      if (expiresMs > nowMs) return;
      this.#entries.delete(id);
    }
  }

  #nowMs(): Millis {
    return this.#clock.date().getTime();
  }
}

const nothing = async (): Promise<void> => {};

/** Operations for grants of users, which the grant `client_credentials` does not need. */
export const OF_USERS: Pick<Adapter, 'findByUserCode' | 'findByUid' | 'consume' | 'revokeByGrantId'> = {
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  revokeByGrantId: nothing,
};

function adapterOf(entries: Entries): Adapter {
  return {
    ...OF_USERS,
    upsert: async (id, payload, expiresInSeconds) => entries.set(id, payload, expiresInSeconds),
    find: async (id) => entries.get(id),
    destroy: async (id) => entries.delete(id),
  };
}
