import { describe, expect, it, onTestFinished } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { killWriters } from './killed-writers.case.ts';
import { startLmdbGate } from './lmdb-gate.ts';
import { startRedis } from './redis-server.ts';
import type { StorePlace } from './state-input.ts';

const folder = scratch();

async function lmdb(): Promise<StorePlace> {
  const gate = await startLmdbGate(folder);
  onTestFinished(() => gate.stop());
  return { kind: 'lmdb', folder, gate: gate.socket };
}

async function redis(): Promise<StorePlace> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return { kind: 'redis', socket: server.socket };
}

describe.each([
  { kind: 'lmdb', start: lmdb, kills: 40, tags: [] },
  { kind: 'redis', start: redis, kills: 12, tags: ['redis'] },
])('writers of one store in $kind', ({ start, kills, tags }) => {
  it('go on while others are killed, and no commit is lost', { timeout: 120_000, tags }, async () => {
    const { killed, failures, lost, shared, counted } = await killWriters(await start(), kills);
    expect({ killed, failures, lost }).toEqual({ killed: kills, failures: [], lost: [] });
    expect(counted).toBeGreaterThan(kills);
    expect(shared).toBeGreaterThanOrEqual(counted);
    // Each of them may have been killed between a commit and saying so.
    expect(shared).toBeLessThanOrEqual(counted + kills);
  });
});
