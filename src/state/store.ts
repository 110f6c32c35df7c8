/** @module Where servers keep what must outlive a request: values by key, each until its time is over. One implementation per kind of store. */
import type { Millis } from '../units/time.ts';

/** A store of text. All instances that use the same one see the same values, except where its kind says otherwise. Methods reject only when the store cannot be reached. */
export interface Store {
  /** The value at `key`; undefined when there is none, or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** Sets the value at `key` for `ttlMs` from now. */
  set(key: string, value: string, ttlMs: Millis): Promise<void>;
  /**
   * Sets the value at `key` if the one there is `expected` (undefined: if there is none), in one step. Resolves with whether it did:
   * false means that somebody else was first, and that the caller reads again.
   */
  replace(key: string, expected: string | undefined, value: string, ttlMs: Millis): Promise<boolean>;
  /** Removes the value at `key`. Resolves with whether there was one. */
  remove(key: string): Promise<boolean>;
  /** Releases what the store holds open; its values stay where its kind keeps them. */
  close(): Promise<void>;
}
