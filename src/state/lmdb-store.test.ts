import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { LmdbStore } from './lmdb-store.ts';
import { describeStore } from './store.case.ts';

const folder = scratch();
const newFolder = (): string => mkdtempSync(join(folder, 'store-'));

describeStore('lmdb', async () => {
  const clock = new VirtualClock();
  return { store: new LmdbStore(newFolder(), clock), pass: async (ms) => clock.advance(ms * 1000) };
});

it('removes what is over while others are set', async () => {
  const clock = new VirtualClock();
  const store = new LmdbStore(newFolder(), clock);
  for (let n = 0; n < 1000; n += 1) await store.set(`old ${n}`, 'x', 50);
  clock.advance(80_000);
  for (let n = 0; n < 1100; n += 1) await store.set(`new ${n}`, 'x', 60_000);
  expect(store.size).toBe(1100);
  await store.close();
});
