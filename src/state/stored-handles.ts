/** @module Handles without meaning: a random id, and the value in a store. The store decides who knows them. */
import { randomBytes } from 'node:crypto';
import type { Millis } from '../units/time.ts';
import type { Changed, Handles } from './handles.ts';
import type { Store } from './store.ts';

/** What stored handles are made with. */
export interface StoredOptions {
  readonly store: Store;
  readonly ttlMs: Millis;
  /** Begins every handle; others are refused without a look. */
  readonly prefix?: string;
  /** Where in the store the values are: what one place has is unknown in every other. */
  readonly place?: string;
}

/** 128 bits cannot be guessed. Source: OWASP, Session Management, which asks for 64. */
const ID_BYTES = 16;

/** Keeps each value with its owner under the handle. */
export class StoredHandles implements Handles {
  readonly #options: Required<StoredOptions>;

  constructor(options: StoredOptions) {
    this.#options = { prefix: '', place: 'handle', ...options };
  }

  async create(value: string, owner: string): Promise<string> {
    const { store, ttlMs, prefix } = this.#options;
    const handle = prefix + randomBytes(ID_BYTES).toString('base64url');
    await store.set(this.#keyOf(handle), kept(owner, value), ttlMs);
    return handle;
  }

  async read(handle: string, owner: string): Promise<string | undefined> {
    const entry = await this.#entryOf(handle);
    return entry === undefined ? undefined : valueFor(owner, entry);
  }

  async change(
    handle: string,
    owner: string,
    alter: (value: string) => string,
  ): Promise<Changed | undefined> {
    const { store, ttlMs } = this.#options;
    for (;;) {
      const entry = await this.#entryOf(handle);
      const old = entry === undefined ? undefined : valueFor(owner, entry);
      if (old === undefined) return undefined;
      const value = alter(old);
      // Somebody else may have changed it since: then their value is read, and altered.
      if (!(await store.replace(this.#keyOf(handle), entry, kept(owner, value), ttlMs))) continue;
      return { handle, value };
    }
  }

  /** There is no key. */
  isRotated(): boolean {
    return false;
  }

  async revoke(handle: string, owner: string): Promise<boolean> {
    const known = (await this.read(handle, owner)) !== undefined;
    return known && this.#options.store.remove(this.#keyOf(handle));
  }

  #keyOf(handle: string): string {
    return `${this.#options.place}/${handle}`;
  }

  async #entryOf(handle: string): Promise<string | undefined> {
    const { store, prefix } = this.#options;
    return handle.startsWith(prefix) && handle.length <= LONGEST ? store.get(this.#keyOf(handle)) : undefined;
  }
}

/** No handle of ours is longer; a longer key would be an error of the store. */
const LONGEST = 256;

/** The length of the owner comes first, so that no owner and value look like others. */
const kept = (owner: string, value: string): string => `${owner.length}:${owner}${value}`;

/** The value of an entry; undefined when it is of another owner. */
function valueFor(owner: string, entry: string): string | undefined {
  const start = `${owner.length}:${owner}`;
  return entry.startsWith(start) ? entry.slice(start.length) : undefined;
}
