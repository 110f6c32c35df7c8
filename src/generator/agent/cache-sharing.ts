/** @module What the caches of all agents of one worker share: what is the same in many entries is held once. */

import { type CacheKey, keyOf } from '../../cache/key.ts';
import type { ResponseCacheOptions } from '../../cache/response-cache.ts';
import type { CacheSettings } from '../../profile/settings.ts';
import { type CacheableResult, readCacheable } from '../../protocol/caching/hints.ts';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import type { LookupLogWriter } from '../../recording/lookup-log.ts';
import type { CacheTally } from '../../recording/measure/cache-tally.ts';
import { randomAt } from '../../units/random.ts';
import type { PlannedChange } from '../engine/load-cache.ts';
import { CachedAnswers } from './cached-answers.ts';
import type { Operation } from './caller.ts';
import { ToolNames } from './tool-names.ts';

/** What an agent keeps of a result. */
export interface Kept {
  /** Null on the last page. */
  readonly nextCursor: string | null;
  /** Of the catalogue; undefined of servers that do not say it. */
  readonly version: number | undefined;
  /** Of the JSON text of the answer. */
  readonly bytes: number;
  /** The JSON text itself, in a load that needs it ({@link CacheSharingOptions.keepsTexts}). */
  readonly body?: string;
}

/** An answer and what a cache takes of it; both are absent when there was none. */
export interface Read {
  readonly result: CacheableResult | undefined;
  readonly kept: Kept | undefined;
}

export const NOTHING_READ: Read = { result: undefined, kept: undefined };

export interface CacheSharingOptions {
  readonly settings: CacheSettings;
  /** The planned changes of the catalogue. */
  readonly changes: readonly PlannedChange[];
  readonly tally: CacheTally;
  /** Absent: no log is kept. */
  readonly lookups?: LookupLogWriter | undefined;
  /** Whether the texts of answers are kept: flows save parts of them. Without it entries hold none, which takes most of their memory. */
  readonly keepsTexts?: boolean;
  readonly seed: number;
  /** Number of the worker. */
  readonly worker: number;
}

/** Above this, what has been held once is forgotten: entries go on to hold it. */
const MOST_KEPT = 10_000;

/** One for all agents of a worker. */
export class CacheSharing {
  readonly settings: CacheSettings;
  readonly tally: CacheTally;
  readonly lookups: LookupLogWriter | undefined;
  readonly answers = new CachedAnswers();
  readonly toolNames: ToolNames;
  /** Of the cache of each agent; absent: agents keep nothing, and only observe. */
  readonly cacheOptions: ResponseCacheOptions | undefined;
  readonly #keepsTexts: boolean;
  readonly #kept = new Map<string, Kept>();
  readonly #read = new WeakMap<object, Read>();
  /** Keys of operations that are the same for many calls. */
  readonly #keys = new WeakMap<Operation, CacheKey>();

  constructor(options: CacheSharingOptions) {
    const { settings, changes, tally, lookups, keepsTexts = false, seed, worker } = options;
    this.settings = settings;
    this.tally = tally;
    this.lookups = lookups;
    this.#keepsTexts = keepsTexts;
    this.toolNames = new ToolNames(changes);
    const { honour, at, capacity, jitter, staleIfErrorUs } = settings;
    this.cacheOptions =
      honour && at === 'agent'
        ? { capacity, jitter, staleIfErrorUs, random: randomAt(seed, 'cache', worker) }
        : undefined;
  }

  /** The key of a request. */
  keyOf(operation: Operation, method: CacheableMethod): CacheKey {
    if (method !== 'resources/read') return keyOf(method, operation.cursor);
    let key = this.#keys.get(operation);
    if (key === undefined) {
      key = keyOf(method, operation.name);
      this.#keys.set(operation, key);
    }
    return key;
  }

  /**
   * What there is in the JSON text of an answer. `repeats`: the same object for all answers with the same text but for the id, which are
   * read once.
   */
  read(body: string, repeats: object | undefined): Read {
    const known = repeats && this.#read.get(repeats);
    if (known !== undefined) return known;
    const result = readCacheable(body);
    const read = { result, kept: result && this.#keptOf(result, body) };
    if (repeats !== undefined) this.#read.set(repeats, read);
    return read;
  }

  #keptOf({ nextCursor: cursor, version }: CacheableResult, body: string): Kept {
    const nextCursor = cursor ?? null;
    const bytes = Buffer.byteLength(body);
    if (this.#keepsTexts) return { nextCursor, version, bytes, body };
    const name = `${version} ${bytes} ${nextCursor === null ? '' : `:${nextCursor}`}`;
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      kept = { nextCursor, version, bytes };
      this.#kept.set(name, kept);
    }
    return kept;
  }
}
