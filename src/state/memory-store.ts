/** @module A store in the memory of one process: what it holds is unknown to every other process, and gone with its own. */
import { type Clock, systemClock } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';
import type { Store } from './store.ts';

interface Entry {
  readonly value: string;
  /** On the clock of the process, in microseconds. */
  readonly untilUs: number;
}

/** Entries that are over are removed when so many have been set since the last time. */
const SWEEP_EVERY = 1024;

/** Keeps values in this process. */
export class MemoryStore implements Store {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #entries = new Map<string, Entry>();
  #sinceSweep = 0;

  constructor(clock: Pick<Clock, 'now'> = systemClock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#valueAt(key);
  }

  async set(key: string, value: string, ttlMs: Millis): Promise<void> {
    this.#put(key, value, ttlMs);
  }

  async replace(key: string, expected: string | undefined, value: string, ttlMs: Millis): Promise<boolean> {
    if (this.#valueAt(key) !== expected) return false;
    this.#put(key, value, ttlMs);
    return true;
  }

  async remove(key: string): Promise<boolean> {
    const known = this.#valueAt(key) !== undefined;
    this.#entries.delete(key);
    return known;
  }

  async close(): Promise<void> {
    this.#entries.clear();
  }

  #valueAt(key: string): string | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.untilUs > this.#clock.now()) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  #put(key: string, value: string, ttlMs: Millis): void {
    const now = this.#clock.now();
    this.#entries.set(key, { value, untilUs: now + ttlMs * 1000 });
    this.#sinceSweep += 1;
    if (this.#sinceSweep < SWEEP_EVERY) return;
    this.#sinceSweep = 0;
    for (const [each, { untilUs }] of this.#entries) if (untilUs <= now) this.#entries.delete(each);
  }
}
