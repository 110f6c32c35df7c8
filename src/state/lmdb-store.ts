/** @module A store in a folder, which all processes of one machine that open it share: LMDB, embedded in each of them. */
import { open, type RootDatabase } from 'lmdb';
import { type Clock, systemClock } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';
import type { Store } from './store.ts';

/** The time of day at which a value is over, and the value. */
type Entry = readonly [untilMs: Millis, value: string];

/** After so many changes by this process, entries that are over are looked for, and among how many. */
const SWEEP_EVERY = 1024;
const SWEPT = 4096;

/**
 * Keeps values in the folder `folder`. Each change is a transaction that is committed when it returns: a process that is killed leaves either
 * the old value or the new one. Nothing is flushed to the disk, so values do not survive the machine. Keys have up to 1,978 bytes. No process
 * may open the store while another one changes it: see `lmdb-gate.ts`.
 */
export class LmdbStore implements Store {
  readonly #clock: Pick<Clock, 'date'>;
  readonly #entries: RootDatabase<Entry, string>;
  #sinceSweep = 0;
  /** The last key that was looked at. */
  #swept = '';

  constructor(folder: string, clock: Pick<Clock, 'date'> = systemClock) {
    this.#clock = clock;
    this.#entries = open({ path: folder, noSync: true, overlappingSync: false, maxReaders: 256 });
  }

  async get(key: string): Promise<string | undefined> {
    // Another process may have changed it since this turn of the event loop began.
    this.#entries.resetReadTxn();
    return this.#valueAt(key);
  }

  async set(key: string, value: string, ttlMs: Millis): Promise<void> {
    this.#entries.transactionSync(() => this.#put(key, value, ttlMs));
  }

  async replace(key: string, expected: string | undefined, value: string, ttlMs: Millis): Promise<boolean> {
    return this.#entries.transactionSync(() => {
      if (this.#valueAt(key) !== expected) return false;
      this.#put(key, value, ttlMs);
      return true;
    });
  }

  async remove(key: string): Promise<boolean> {
    return this.#entries.transactionSync(() => {
      const known = this.#valueAt(key) !== undefined;
      this.#entries.removeSync(key);
      return known;
    });
  }

  /** How many values are kept, with those that are over and not removed yet. */
  get size(): number {
    return this.#entries.getCount();
  }

  close(): Promise<void> {
    return this.#entries.close();
  }

  #valueAt(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry[0] > this.#now() ? entry[1] : undefined;
  }

  /** Within a transaction. */
  #put(key: string, value: string, ttlMs: Millis): void {
    this.#entries.putSync(key, [this.#now() + ttlMs, value]);
    this.#sinceSweep += 1;
    if (this.#sinceSweep < SWEEP_EVERY) return;
    this.#sinceSweep = 0;
    this.#sweep();
  }

  /** Removes what is over among the next entries, in turn. */
  #sweep(): void {
    const next = [...this.#entries.getRange({ start: this.#swept, limit: SWEPT })];
    for (const { key, value } of next) if (value[0] <= this.#now()) this.#entries.removeSync(key);
    this.#swept = next.length < SWEPT ? '' : next.at(-1)!.key;
  }

  #now(): Millis {
    return this.#clock.date().getTime();
  }
}
