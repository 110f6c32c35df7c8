/** @module The part `state`: the store that the instances of a fleet share, and their secrets. */
import { randomBytes } from 'node:crypto';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import type { StateSettings } from '../../profile/settings.ts';
import type { StorePlace } from '../../state/state-input.ts';
import type { Note } from '../note.ts';
import type { Part, StartContext } from '../part.ts';
import { UnexpectedExits } from '../unexpected-exits.ts';

/** State as `settings` say, in a store of this trial alone. */
export function statePart(settings: StateSettings): Part {
  return {
    async start(context) {
      const { place, notes, stop } = await startStore(settings, context);
      const shared = newSecret();
      return {
        offers: {
          stateOf: () => ({
            settings,
            store: place,
            secret: settings.keys === 'shared' ? shared : newSecret(),
          }),
        },
        notes,
        stop,
      };
    },
  };
}

/** The store of one trial. */
interface TrialStore {
  readonly place: StorePlace;
  readonly notes: () => readonly Note[];
  readonly stop: () => Promise<void>;
}

async function startStore(
  { kind, store, sessions }: StateSettings,
  { keep, signal }: StartContext,
): Promise<TrialStore> {
  const isShared = kind === 'store' || kind === 'signed' || sessions === 'store';
  if (!isShared) return { place: { kind: 'memory' }, ...PASSIVE };
  if (store === 'redis') return startRedisStore(keep, signal);
  return startLmdbStore();
}

async function startLmdbStore(): Promise<TrialStore> {
  const { startLmdbGate } = await import('../../state/lmdb-gate.ts');
  const folder = await temporaryFolder('state');
  const gate = await startLmdbGate(folder.path).catch((error: unknown) => {
    folder.remove();
    throw error;
  });
  return {
    ...PASSIVE,
    place: { kind: 'lmdb', folder: folder.path, gate: gate.socket },
    async stop() {
      await gate.stop();
      folder.remove();
    },
  };
}

const PASSIVE: Omit<TrialStore, 'place'> = { notes: () => [], stop: async () => {} };

async function startRedisStore(
  keep: string | undefined,
  signal: AbortSignal | undefined,
): Promise<TrialStore> {
  const { startRedis } = await import('../../state/redis-server.ts');
  const server = await startRedis(keep, signal);
  const exits = new UnexpectedExits();
  exits.watch({ part: 'store' }, server.exited);
  return {
    place: { kind: 'redis', socket: server.socket },
    notes: () => exits.notes(),
    stop() {
      exits.expect(server.exited);
      return server.stop();
    },
  };
}

const newSecret = (): string => randomBytes(32).toString('base64url');
