/** @module The handles of one instance, as its settings say. */
import { type Clock, systemClock } from '../units/clock.ts';
import { createSeal } from './create-seal.ts';
import type { Handles } from './handles.ts';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import { SignedHandles } from './signed-handles.ts';
import { SigningKeys } from './signing-keys.ts';
import type { StateInput } from './state-input.ts';
import type { Store } from './store.ts';
import { StoredHandles } from './stored-handles.ts';

/** Handles, and what they hold open. */
export interface OpenHandles extends Handles {
  close(): Promise<void>;
}

/** The handles of the instance `instance`. Rejects when its store cannot be reached. */
export async function openHandles(
  { settings, store: place, secret }: StateInput,
  instance: string,
  clock: Clock = systemClock,
): Promise<OpenHandles> {
  const { kind, ttlMs, protect, rotateMs, revocation } = settings;
  switch (kind) {
    case 'memory':
      return stored(new MemoryStore(clock), { ttlMs });
    case 'node-encoded':
      return stored(new MemoryStore(clock), { ttlMs, prefix: `${instance}.` });
    case 'store':
      return stored(await openStore(place), { ttlMs });
    case 'signed': {
      const keys = new SigningKeys({ secret, purpose: `handle/${protect}`, ttlMs, rotateMs, clock });
      const seal = await createSeal(protect, keys);
      const revoked = revocation === 'list' ? await openStore(place) : undefined;
      return closable(new SignedHandles({ seal, ttlMs, clock, revoked }), revoked);
    }
  }
}

/** The handles that are ids of sessions, in the store that all instances share. Rejects when that cannot be reached. */
export async function openSessionIds({ settings, store: place }: StateInput): Promise<OpenHandles> {
  return stored(await openStore(place), { ttlMs: settings.ttlMs, place: 'session' });
}

type Options = Omit<ConstructorParameters<typeof StoredHandles>[0], 'store'>;

const stored = (store: Store, options: Options): OpenHandles =>
  closable(new StoredHandles({ store, ...options }), store);

const closable = (handles: Handles, store: Store | undefined): OpenHandles => ({
  create: (value, owner) => handles.create(value, owner),
  read: (handle, owner) => handles.read(handle, owner),
  change: (handle, owner, alter) => handles.change(handle, owner, alter),
  isRotated: (handle) => handles.isRotated(handle),
  revoke: (handle, owner) => handles.revoke(handle, owner),
  close: async () => store?.close(),
});
