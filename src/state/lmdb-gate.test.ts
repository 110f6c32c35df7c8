import { mkdtempSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { after } from '../units/clock.ts';
import { scratch } from '../units/scratch.case.ts';
import { openBehindGate } from './gated-store.ts';
import { DONE, type LmdbGate, startLmdbGate, WORDS } from './lmdb-gate.ts';
import { describeStore } from './store.case.ts';
import type { Store } from './store.ts';

const parent = scratch();
const TTL_MS = 60_000;

async function newGate(): Promise<{ readonly gate: LmdbGate; readonly open: () => Promise<Store> }> {
  const folder = mkdtempSync(join(parent, 'gate-'));
  const gate = await startLmdbGate(folder);
  return { gate, open: () => openBehindGate(folder, gate.socket) };
}

describeStore('lmdb behind a gate', async () => {
  const { gate, open } = await newGate();
  return {
    store: await open(),
    pass: (ms) => new Promise((resolve) => after(ms * 1000, resolve)),
    stop: () => gate.stop(),
  };
});

/** A process that opens the store, as the gate sees it: once it has been called, it takes its time. */
async function slowOpener({ socket }: LmdbGate): Promise<Socket> {
  const opener = connect(socket).setEncoding('latin1');
  const word = await new Promise((resolve) => opener.once('data', resolve));
  expect(word).toBe(WORDS.open);
  return opener;
}

it.each([
  ['has done so', (opener: Socket) => void opener.write(DONE)],
  ['has ended', (opener: Socket) => void opener.destroy()],
])('changes nothing while another process opens the store, and goes on when it %s', async (_, end) => {
  const { gate, open } = await newGate();
  onTestFinished(() => gate.stop());
  const [one, other] = [await open(), await open()];
  await one.set('a', '0', TTL_MS);
  const opener = await slowOpener(gate);
  const done: string[] = [];
  const changes = [
    one.set('a', '1', TTL_MS).then(() => done.push('set')),
    other.replace('b', undefined, '1', TTL_MS).then(() => done.push('replace')),
    other.remove('c').then(() => done.push('remove')),
  ];
  // A change that does not wait is made before a read that begins after it.
  expect([await one.get('a'), await other.get('b'), done]).toEqual(['0', undefined, []]);
  end(opener);
  await Promise.all(changes);
  expect([await other.get('a'), await one.get('b')]).toEqual(['1', '1']);
  await one.close();
  await other.close();
});

it('lets in one process after the other', async () => {
  const { gate, open } = await newGate();
  onTestFinished(() => gate.stop());
  const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
  await Promise.all(stores.map((store, n) => store.set(`${n}`, 'x', TTL_MS)));
  for (const [n, store] of stores.entries()) expect(await store.get(`${4 - n}`)).toBe('x');
  await Promise.all(stores.map((store) => store.close()));
});

it('is missed where there is none', async () => {
  await expect(openBehindGate(parent, join(parent, 'none.sock'))).rejects.toThrow('ENOENT');
});
