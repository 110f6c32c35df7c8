/** @module Opens the store at a place. What others than memory need is loaded when such a store is opened. */
import { MemoryStore } from './memory-store.ts';
import type { StorePlace } from './state-input.ts';
import type { Store } from './store.ts';

/** A store of `place`. Rejects when it cannot be reached. */
export async function openStore(place: StorePlace): Promise<Store> {
  switch (place.kind) {
    case 'memory':
      return new MemoryStore();
    case 'lmdb': {
      const { folder, gate } = place;
      if (gate !== undefined) return (await import('./gated-store.ts')).openBehindGate(folder, gate);
      const { LmdbStore } = await import('./lmdb-store.ts');
      return new LmdbStore(folder);
    }
    case 'redis': {
      const { openRedisStore } = await import('./redis-store.ts');
      return openRedisStore(place.socket);
    }
  }
}
