/** @module An LMDB store that other processes open while this one uses it: changes wait for that. */
import { connect, type Socket } from 'node:net';
import type { Millis } from '../units/time.ts';
import { DONE, WORDS } from './lmdb-gate.ts';
import { LmdbStore } from './lmdb-store.ts';
import type { Store } from './store.ts';

/** Opens the store in `folder` as soon as the gate at `socket` lets it. Rejects when there is no gate. */
export async function openBehindGate(folder: string, socket: string): Promise<Store> {
  const gate = connect(socket).setEncoding('latin1');
  try {
    await called(gate);
    return new GatedStore(new LmdbStore(folder), gate);
  } catch (error) {
    gate.destroy();
    throw error;
  }
}

/** Resolves when this process may open the store. */
const called = (gate: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    gate
      .once('data', () => resolve())
      .once('error', reject)
      .once('close', () => reject(new Error('the gate of the store is closed')));
  });

class GatedStore implements Store {
  readonly #store: LmdbStore;
  readonly #gate: Socket;
  /** Resolves when changes may be made again; undefined: they may be. */
  #held: Promise<void> | undefined = undefined;
  #goOn: () => void = () => undefined;

  constructor(store: LmdbStore, gate: Socket) {
    this.#store = store;
    this.#gate = gate;
    gate
      .on('data', (words) => {
        for (const word of String(words)) this.#hear(word);
      })
      // Without a gate nobody opens the store any more.
      .on('close', () => this.#hear(WORDS.go));
    gate.write(DONE);
    // A process may end without closing its stores, unless changes wait.
    gate.unref();
  }

  get(key: string): Promise<string | undefined> {
    return this.#store.get(key);
  }

  async set(key: string, value: string, ttlMs: Millis): Promise<void> {
    await this.#mayChange();
    return this.#store.set(key, value, ttlMs);
  }

  async replace(key: string, expected: string | undefined, value: string, ttlMs: Millis): Promise<boolean> {
    await this.#mayChange();
    return this.#store.replace(key, expected, value, ttlMs);
  }

  async remove(key: string): Promise<boolean> {
    await this.#mayChange();
    return this.#store.remove(key);
  }

  close(): Promise<void> {
    this.#gate.destroy();
    return this.#store.close();
  }

  /** A change is one transaction within its turn of the event loop, so that none is under way when a word is heard. */
  async #mayChange(): Promise<void> {
    while (this.#held !== undefined) await this.#held;
  }

  #hear(word: string): void {
    if (word === WORDS.go) {
      this.#held = undefined;
      this.#gate.unref();
      this.#goOn();
      return;
    }
    this.#held = new Promise((resolve) => {
      this.#goOn = resolve;
    });
    this.#gate.ref().write(DONE);
  }
}
