import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { completeState, State } from '../../profile/section/state.ts';
import { openStore } from '../../state/open-store.ts';
import type { Offer } from '../part.ts';
import { statePart } from './state.ts';

const OFFERED: Offer = {
  instances: [],
  standby: [],
  controls: {},
  authControls: {},
  meters: [],
  sampled: [],
};

const start = (given: Record<string, unknown>) =>
  statePart(completeState(State.parse(given))).start({ offered: OFFERED });

describe('the state of a fleet', () => {
  for (const store of ['lmdb', 'redis']) {
    const tags = store === 'redis' ? [store] : [];
    it(`is in one store that ends with the trial: ${store}`, { tags }, async () => {
      const part = await start({ kind: 'store', store });
      const { store: place } = part.offers.stateOf!(0);
      const [first, second] = [await openStore(place), await openStore(place)];
      await first.set('a', '1', 60_000);
      expect(await second.get('a')).toBe('1');
      await first.close();
      await second.close();
      await part.stop();
      expect(part.notes()).toEqual([]);
      expect(
        existsSync(place.kind === 'lmdb' ? place.folder : place.kind === 'redis' ? place.socket : '.'),
      ).toBe(false);
    });
  }

  it('leaves no folder when its gate does not start', async () => {
    const root = mkdtempSync(join(tmpdir(), 'no-gate-'));
    vi.stubEnv('TMPDIR', root);
    const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
      queueMicrotask(() => this.emit('error', new Error('no socket')));
      return this;
    });
    try {
      await expect(start({ kind: 'store', store: 'lmdb' })).rejects.toThrow('no socket');
      expect(readdirSync(root)).toEqual([]);
    } finally {
      listen.mockRestore();
      vi.unstubAllEnvs();
      rmSync(root, { recursive: true });
    }
  });

  it('is in each instance alone where its kind says so', async () => {
    for (const kind of ['memory', 'node-encoded']) {
      const part = await start({ kind });
      expect(part.offers.stateOf!(0).store).toEqual({ kind: 'memory' });
    }
  });

  it.each([
    ['shared', 1],
    ['own', 4],
  ])('has %s secrets', async (keys, many) => {
    const part = await start({ kind: 'signed', keys });
    const secrets = [0, 1, 2, 3].map((index) => part.offers.stateOf!(index).secret);
    expect(new Set(secrets).size).toBe(many);
    await part.stop();
  });
});
