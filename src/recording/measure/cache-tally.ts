/** @module Counts what caches give and what is fetched, for one worker: its agents write to it, and calls that have ended are taken in for their times. */
import type { CacheableResult, ScopeForm, TtlForm } from '../../protocol/caching/hints.ts';
import { type CacheableMethod, isCacheable } from '../../protocol/caching/methods.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { clampTime, Tally } from '../histogram.ts';
import { isTimed, type Sample } from '../sample.ts';
import { AgentNumbers } from './agent-numbers.ts';
import { CacheChanges } from './cache-changes.ts';
import { type CacheCounts, FETCH_REASONS, type FetchReason, type MethodCounts } from './cache-counts.ts';
import type { CachedLoad } from './cache-load.ts';
import type { MeasureTally } from './measure.ts';
import { StepCounts } from './step-counts.ts';
import { SubscriptionTally } from './subscription-tally.ts';

/** A call that was given from a cache. */
export interface Given {
  readonly method: CacheableMethod;
  readonly agent: number;
  readonly atUs: Micros;
  /** Absent: unknown. */
  readonly ageUs?: Micros | undefined;
  /** Bytes of its JSON text. */
  readonly bytes: number;
}

/** A request that reached the origin. */
export interface Fetch {
  readonly method: CacheableMethod;
  readonly agent: number;
  readonly reason: FetchReason;
  readonly sentUs: Micros;
  readonly doneUs: Micros;
  /** Absent: it failed. */
  readonly result: CacheableResult | undefined;
  readonly bytes: number;
}

/** What of a load the tally has to know. */
export interface CacheTallyOptions {
  readonly load: CachedLoad;
  /** Methods of the mix, by the index of a call. */
  readonly methods: readonly (string | undefined)[];
  /** Whether the instances check who calls. */
  readonly checked: boolean;
}

/** Counts of the measured time: whoever writes to it says nothing of calls of the warm-up, except where it is said otherwise. */
export class CacheTally implements MeasureTally<CacheCounts> {
  readonly #options: CacheTallyOptions;
  readonly #methods = new Map<CacheableMethod, MethodTally>();
  readonly #byCall: readonly (CacheableMethod | undefined)[];
  readonly #calls = new AgentNumbers(0);
  readonly #hits = new AgentNumbers(0);
  readonly #originSteps = new StepCounts();
  readonly #cachedSteps = new StepCounts();
  /** Told of every answer and change, in the warm-up too. */
  readonly changes: CacheChanges;
  /** Told of the streams of agents, from before the load; absent: they hold none. */
  readonly subscriptions: SubscriptionTally | undefined;
  #startUs: Micros = 0;
  #evicted = 0;
  #invalidated = 0;
  #pagesDropped = 0;
  #uncheckedHits = 0;
  #failedByStaleList = 0;

  constructor(options: CacheTallyOptions) {
    this.#options = options;
    this.#byCall = options.methods.map((method = '') => (isCacheable(method) ? method : undefined));
    this.changes = new CacheChanges(options.load.changes);
    const { honour, at, subscribe } = options.load.settings;
    this.subscriptions = honour && at === 'agent' && subscribe ? new SubscriptionTally() : undefined;
  }

  /** The measured time begins at `startUs`. */
  begin(startUs: Micros): void {
    this.#startUs = startUs;
  }

  hit(given: Given): void {
    this.#of(given.method).hit(given);
    this.#given(given);
    this.#hits.set(given.agent, this.#hits.get(given.agent) + 1);
  }

  /** Given from the answer to the fetch of another call. */
  waited(given: Given): void {
    this.#of(given.method).waited(given);
    this.#given(given);
  }

  /** Given from an entry that was not fresh, because the fetch failed, which {@link fetched} is told besides. */
  stale(given: Given): void {
    this.#of(given.method).stale(given);
    this.#cachedSteps.add(given.atUs - this.#startUs);
    this.#countUnchecked();
  }

  fetched(fetch: Fetch): void {
    this.#of(fetch.method).fetched(fetch);
    this.#originSteps.add(fetch.sentUs - this.#startUs);
    if (fetch.reason !== 'evidence') this.#calls.set(fetch.agent, this.#calls.get(fetch.agent) + 1);
  }

  /** Entries made room for others. */
  evicted(entries: number): void {
    this.#evicted += entries;
  }

  /** Entries were made stale before their time; at any time. */
  invalidated(entries: number, atUs: Micros): void {
    if (atUs >= this.#startUs) this.#invalidated += entries;
  }

  pagesDropped(): void {
    this.#pagesDropped += 1;
  }

  failedByStaleList(): void {
    this.#failedByStaleList += 1;
  }

  add({ call, outcome, dueUs, doneUs }: Sample): void {
    const method = this.#byCall[call];
    if (method !== undefined && isTimed(outcome)) this.#of(method).listTime.record(clampTime(doneUs - dueUs));
  }

  counts(): CacheCounts {
    const { settings } = this.#options.load;
    return {
      honour: settings.honour,
      at: settings.at,
      methods: [...this.#methods.values()].map((method) => method.counts()),
      agentRatios: this.#agentRatios(),
      originSteps: this.#originSteps.counts(),
      cachedSteps: this.#cachedSteps.counts(),
      evicted: this.#evicted,
      invalidated: this.#invalidated,
      pagesDropped: this.#pagesDropped,
      uncheckedHits: this.#uncheckedHits,
      failedByStaleList: this.#failedByStaleList,
      changes: this.changes.counts(this.#startUs),
      ...(this.subscriptions && { subscriptions: this.subscriptions.counts() }),
    };
  }

  #given({ agent, atUs }: Given): void {
    this.#calls.set(agent, this.#calls.get(agent) + 1);
    this.#cachedSteps.add(atUs - this.#startUs);
    this.#countUnchecked();
  }

  #countUnchecked(): void {
    const { load, checked } = this.#options;
    if (checked && load.settings.at === 'gateway') this.#uncheckedHits += 1;
  }

  #of(method: CacheableMethod): MethodTally {
    let tally = this.#methods.get(method);
    if (tally === undefined) {
      tally = new MethodTally(method);
      this.#methods.set(method, tally);
    }
    return tally;
  }

  /** Agents by the share of their calls that were hits, of those that made a call. */
  #agentRatios(): readonly number[] {
    const ratios = Array.from({ length: 101 }, () => 0);
    for (let agent = 0; agent < this.#calls.length; agent += 1) {
      const calls = this.#calls.get(agent);
      if (calls > 0) ratios[Math.floor((100 * this.#hits.get(agent)) / calls)]! += 1;
    }
    return ratios;
  }
}

/** The calls of one method. */
class MethodTally {
  readonly #method: CacheableMethod;
  readonly listTime = new Tally();
  readonly #originTime = new Tally();
  readonly #age = new Tally();
  readonly #fetches: Record<FetchReason, number> = zeros(FETCH_REASONS);
  readonly #ttl: Record<TtlForm, number> = zeros(TTL_FORMS);
  readonly #scope: Record<ScopeForm, number> = zeros(SCOPE_FORMS);
  #hits = 0;
  #waits = 0;
  #stale = 0;
  #failed = 0;
  #fetchedBytes = 0;
  #sparedBytes = 0;
  #largestBytes = 0;
  #ttlMinMs: Millis | null = null;
  #ttlMaxMs: Millis | null = null;

  constructor(method: CacheableMethod) {
    this.#method = method;
  }

  hit(given: Given): void {
    this.#hits += 1;
    this.#given(given);
  }

  waited(given: Given): void {
    this.#waits += 1;
    this.#given(given);
  }

  stale(given: Given): void {
    this.#stale += 1;
    this.#given(given);
  }

  fetched({ reason, sentUs, doneUs, result, bytes }: Fetch): void {
    this.#fetches[reason] += 1;
    if (result === undefined) {
      this.#failed += 1;
      return;
    }
    const { ttl, ttlMs, scopeForm } = result.hints;
    this.#originTime.record(clampTime(doneUs - sentUs));
    this.#fetchedBytes += bytes;
    this.#largestBytes = Math.max(this.#largestBytes, bytes);
    this.#ttl[ttl] += 1;
    this.#scope[scopeForm] += 1;
    this.#ttlMinMs = Math.min(this.#ttlMinMs ?? ttlMs, ttlMs);
    this.#ttlMaxMs = Math.max(this.#ttlMaxMs ?? ttlMs, ttlMs);
  }

  counts(): MethodCounts {
    return {
      method: this.#method,
      hits: this.#hits,
      waits: this.#waits,
      stale: this.#stale,
      fetches: { ...this.#fetches },
      failed: this.#failed,
      fetchedBytes: this.#fetchedBytes,
      sparedBytes: this.#sparedBytes,
      listTime: this.listTime.series(),
      originTime: this.#originTime.series(),
      age: this.#age.series(),
      ttl: { ...this.#ttl },
      scope: { ...this.#scope },
      ttlMinMs: this.#ttlMinMs,
      ttlMaxMs: this.#ttlMaxMs,
      largestBytes: this.#largestBytes,
    };
  }

  #given({ bytes, ageUs }: Given): void {
    this.#sparedBytes += bytes;
    if (ageUs !== undefined) this.#age.record(clampTime(ageUs));
  }
}

const TTL_FORMS = [
  'ok',
  'zero',
  'absent',
  'negative',
  'fractional',
  'malformed',
  'clamped',
] as const satisfies readonly TtlForm[];
const SCOPE_FORMS = ['public', 'private', 'absent', 'malformed'] as const satisfies readonly ScopeForm[];

const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
