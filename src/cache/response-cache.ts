/** @module A cache of results as MCP 2026-07-28 has it (Caching): an entry is fresh while now < received + `ttlMs`, `private` ones per authorization context. No I/O, no clock of its own. */
import type { CacheableResult } from '../protocol/caching/hints.ts';
import type { CacheableMethod } from '../protocol/caching/methods.ts';
import type { Random } from '../units/random.ts';
import type { Micros } from '../units/time.ts';
import type { Context } from './context.ts';
import { type CacheKey, isOf } from './key.ts';
import { type Linked, Recency } from './recency.ts';

export interface ResponseCacheOptions {
  /** Most entries; the least recently used one makes room. Absent: no limit. */
  readonly capacity?: number | undefined;
  /** By which share of `ttlMs` at most an entry expires earlier: 0 to 1. It never expires later. */
  readonly jitter?: number;
  /** Draws the jitter; needed with one. */
  readonly random?: Random | undefined;
  /** For how long after its end an entry may be given when it cannot be fetched anew. */
  readonly staleIfErrorUs?: Micros;
}

/** Why a lookup found nothing fresh. */
export type MissReason =
  /** Nothing is known of it. */
  | 'cold'
  | 'expired'
  /** It was made stale before its time. */
  | 'invalidated'
  /** The latest answer may not be kept. */
  | 'not-kept'
  /** It had made room for another entry. */
  | 'evicted';

/** What is kept of one answer. */
export interface CacheEntry<Value> {
  readonly value: Value;
  readonly receivedUs: Micros;
  /** It is fresh before this time. */
  readonly endUs: Micros;
}

/** An answer that may be kept. */
export interface Fetched<Value> {
  readonly value: Value;
  readonly result: Pick<CacheableResult, 'isComplete' | 'hints'>;
  /** {@link ResponseCache.stampOf} its key from before the request was sent. */
  readonly stamp: number;
}

/** Entries for all: `public` ones. */
const SHARED = Symbol('shared');
type Space = Context | typeof SHARED;

/** Most keys of which a reason is remembered after their entry has gone. */
const MOST_GONE = 1024;
/** Entries without which no search for expired ones is made. */
const FEW = 64;

/**
 * The cache of one agent or of a gateway. Only complete results are kept; callers do not offer errors, nor answers to requests with
 * `inputResponses` or `requestState`.
 */
export class ResponseCache<Value> {
  readonly #options: ResponseCacheOptions;
  readonly #spaces = new Map<Space, Map<CacheKey, Entry<Value>>>();
  readonly #recency = new Recency<Entry<Value>>();
  /** How often entries were made stale, by method and by key. */
  #stamps: Map<string, number> | undefined;
  /** Why there is no entry any more, by {@link goneKey}. */
  #gone: Map<string, MissReason> | undefined;
  #size = 0;
  #sweepAt = FEW;
  /** Entries that have made room for others, and those made stale before their time. */
  evicted = 0;
  invalidated = 0;

  constructor(options: ResponseCacheOptions = {}) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** What is fresh for `key` in `context`, or why nothing is. */
  find(key: CacheKey, context: Context, nowUs: Micros): CacheEntry<Value> | MissReason {
    const own = this.#spaces.get(context)?.get(key);
    const entry = own !== undefined && nowUs < own.endUs ? own : (this.#spaces.get(SHARED)?.get(key) ?? own);
    if (entry === undefined) return this.#reasonGone(key, context);
    if (nowUs >= entry.endUs) return entry.isInvalid ? 'invalidated' : 'expired';
    this.#recency.use(entry);
    return entry;
  }

  /** What may be given for `key` because it cannot be fetched: the entry that ended last, within `staleIfErrorUs` of its end. */
  spare(key: CacheKey, context: Context, nowUs: Micros): CacheEntry<Value> | undefined {
    const { staleIfErrorUs = 0 } = this.#options;
    const candidates = [this.#spaces.get(context)?.get(key), this.#spaces.get(SHARED)?.get(key)];
    return candidates
      .filter((entry) => entry !== undefined && nowUs < entry.endUs + staleIfErrorUs)
      .sort((a, b) => b!.endUs - a!.endUs)[0];
  }

  /** Read before a request is sent, given back with its answer: an answer that was on its way when its key became stale is not kept. */
  stampOf(key: CacheKey): number {
    if (this.#stamps === undefined) return 0;
    const method = key.split(' ', 1)[0]!;
    return (this.#stamps.get(method) ?? 0) + (key === method ? 0 : (this.#stamps.get(key) ?? 0));
  }

  /** Keeps an answer received at `nowUs`, if it may be kept: true when it was. */
  keep(key: CacheKey, context: Context, { value, result, stamp }: Fetched<Value>, nowUs: Micros): boolean {
    const { isComplete, hints } = result;
    if (stamp !== this.stampOf(key)) {
      this.#remember(key, context, 'invalidated');
      return false;
    }
    const space = hints.scope === 'public' ? SHARED : context;
    // The answer replaces what was kept with the other scope, too: a result that has become private is not given to all any longer.
    this.#remove(context, key);
    this.#remove(SHARED, key);
    if (!isComplete || hints.ttlMs <= 0) {
      this.#remember(key, context, 'not-kept');
      return false;
    }
    const endUs = nowUs + this.#lifetime(hints.ttlMs * 1000);
    this.#add({
      key,
      space,
      value,
      receivedUs: nowUs,
      endUs,
      isInvalid: false,
      older: undefined,
      newer: undefined,
    });
    this.#gone?.delete(goneKey(context, key));
    this.#makeRoom(nowUs);
    return true;
  }

  /** Makes entries stale at once: all of `methods`, in every context. */
  invalidate(methods: readonly CacheableMethod[], nowUs: Micros): void {
    for (const method of methods) {
      this.#stamp(method);
      this.#end((key) => isOf(key, method), nowUs);
    }
  }

  /** Makes what is kept for one key stale at once, in every context. */
  invalidateKey(key: CacheKey, nowUs: Micros): void {
    this.#stamp(key);
    this.#end((each) => each === key, nowUs);
  }

  /** Removes all pages of a list, those for all and those of `context`: one of its cursors was invalid. */
  dropPages(method: CacheableMethod, context: Context): void {
    this.#stamp(method);
    const spaces: readonly Space[] = [context, SHARED];
    for (const space of spaces) {
      for (const key of [...(this.#spaces.get(space)?.keys() ?? [])]) {
        if (!isOf(key, method)) continue;
        this.#remove(space, key);
        this.#remember(key, space, 'invalidated');
      }
    }
  }

  clear(): void {
    for (const [space, entries] of [...this.#spaces])
      for (const key of [...entries.keys()]) this.#remove(space, key);
    this.#gone = undefined;
  }

  #lifetime(ttlUs: Micros): Micros {
    const { jitter = 0, random } = this.#options;
    return jitter === 0 || random === undefined ? ttlUs : ttlUs * (1 - jitter * random.next());
  }

  #stamp(what: string): void {
    this.#stamps ??= new Map();
    this.#stamps.set(what, (this.#stamps.get(what) ?? 0) + 1);
  }

  #end(concerns: (key: CacheKey) => boolean, nowUs: Micros): void {
    for (let entry = this.#recency.oldest; entry !== undefined; entry = entry.newer) {
      if (nowUs >= entry.endUs || !concerns(entry.key)) continue;
      entry.endUs = nowUs;
      entry.isInvalid = true;
      this.invalidated += 1;
    }
  }

  #add(entry: Entry<Value>): void {
    let entries = this.#spaces.get(entry.space);
    if (entries === undefined) {
      entries = new Map();
      this.#spaces.set(entry.space, entries);
    }
    entries.set(entry.key, entry);
    this.#recency.add(entry);
    this.#size += 1;
  }

  #remove(space: Space, key: CacheKey): void {
    const entries = this.#spaces.get(space);
    const entry = entries?.get(key);
    if (entries === undefined || entry === undefined) return;
    entries.delete(key);
    if (entries.size === 0) this.#spaces.delete(space);
    this.#recency.remove(entry);
    this.#size -= 1;
  }

  #makeRoom(nowUs: Micros): void {
    const { capacity = Number.POSITIVE_INFINITY } = this.#options;
    while (this.#size > capacity) {
      const { space, key } = this.#recency.oldest!;
      this.#remove(space, key);
      this.#remember(key, space, 'evicted');
      this.evicted += 1;
    }
    if (this.#size > this.#sweepAt) this.#sweep(nowUs);
  }

  /** Removes what can never be given again. It runs each time that the number of entries has doubled. */
  #sweep(nowUs: Micros): void {
    const { staleIfErrorUs = 0 } = this.#options;
    for (let entry = this.#recency.oldest; entry !== undefined; ) {
      const { newer, space, key, endUs, isInvalid } = entry;
      if (nowUs >= endUs + staleIfErrorUs) {
        this.#remove(space, key);
        this.#remember(key, space, isInvalid ? 'invalidated' : 'expired');
      }
      entry = newer;
    }
    this.#sweepAt = Math.max(FEW, 2 * this.#size);
  }

  #remember(key: CacheKey, space: Space, reason: MissReason): void {
    this.#gone ??= new Map();
    const gone = goneKey(space, key);
    this.#gone.delete(gone);
    this.#gone.set(gone, reason);
    if (this.#gone.size > MOST_GONE) this.#gone.delete(this.#gone.keys().next().value!);
  }

  #reasonGone(key: CacheKey, context: Context): MissReason {
    return this.#gone?.get(goneKey(context, key)) ?? this.#gone?.get(goneKey(SHARED, key)) ?? 'cold';
  }
}

interface Entry<Value> extends CacheEntry<Value>, Linked<Entry<Value>> {
  readonly key: CacheKey;
  readonly space: Space;
  endUs: Micros;
  isInvalid: boolean;
}

/** A line end is in no header field, and so in no context. */
function goneKey(space: Space, key: CacheKey): string {
  return space === SHARED ? key : `${space}\n${key}`;
}
