/** @module The cache of the embedded balancer, for all clients: `public` results for every token, `private` ones for the token that they were fetched with. */
import { type CacheEntry, type MissReason, ResponseCache } from '../../../cache/response-cache.ts';
import type { CacheSettings } from '../../../profile/settings.ts';
import { readCacheable } from '../../../protocol/caching/hints.ts';
import { LIST_METHODS } from '../../../protocol/caching/methods.ts';
import { membersAt, parsed } from '../../../protocol/json-members.ts';
import { type Clock, systemClock } from '../../../units/clock.ts';
import { randomAt } from '../../../units/random.ts';
import type { CacheStats, NotKept } from '../../stats.ts';
import type { ClientHead } from '../heads.ts';
import { type Asked, mayBeAsked, readAsked } from './asked.ts';
import { Fetch, type FetchEnd } from './fetch.ts';
import { type Flight, Flights, type Landing } from './flights.ts';
import { type Given, type KeptAnswer, keptAnswer } from './kept-answer.ts';

/** What the cache makes of a request. */
export type CacheDecision =
  /** It is forwarded, and the cache has no part in it. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'give'; readonly given: Given }
  /** It is forwarded. `fetch` has to be told how its answer goes; `fetch.drop` also when it is not forwarded after all. */
  | { readonly kind: 'fetch'; readonly fetch: Fetch };

/** JSON-RPC: invalid parameters, such as a cursor that the server does not know. */
const INVALID_PARAMS = -32602;

/**
 * Answers requests of the cacheable methods of MCP 2026-07-28 from earlier answers. It holds no stream of notifications: a result
 * that has changed is given until its `ttlMs` ends, whether or not the server tells clients of the change.
 */
export class GatewayCache {
  readonly #settings: CacheSettings;
  readonly #clock: Clock;
  /** Path of the endpoint. */
  readonly #path: string;
  readonly #store: ResponseCache<KeptAnswer>;
  readonly #flights = new Flights();
  readonly #counts = { hit: 0, wait: 0, stale: 0, miss: 0, pass: 0 };
  readonly #notKept: Partial<Record<NotKept, number>> = {};

  /** `seed` decides the jitter. */
  constructor(settings: CacheSettings, path: string, seed: number, clock: Clock = systemClock) {
    const { capacity, jitter, staleIfErrorUs } = settings;
    this.#settings = settings;
    this.#path = path;
    this.#clock = clock;
    const random = randomAt(seed, 'balancer', 1);
    this.#store = new ResponseCache({ capacity, jitter, random, staleIfErrorUs });
  }

  /** Whether {@link ask} wants to see the message of a request, which it needs as a whole. */
  concerns(head: ClientHead): boolean {
    return mayBeAsked(head) && head.target === this.#path;
  }

  /** Decides about a request, whose message is `body`. Waits for the answer to another one where that is set. Never rejects. */
  ask(head: ClientHead, body: string): CacheDecision | Promise<CacheDecision> {
    const asked = readAsked(head, body);
    if (asked !== undefined) return this.#decide(asked);
    this.#counts.pass += 1;
    return { kind: 'pass' };
  }

  stats(): CacheStats {
    const { size, evicted } = this.#store;
    return { ...this.#counts, notKept: { ...this.#notKept }, entries: size, evicted };
  }

  #decide(asked: Asked): CacheDecision | Promise<CacheDecision> {
    const found = this.#store.find(asked.key, asked.context, this.#clock.now());
    if (typeof found !== 'string') return this.#give(this.#given(asked, 'hit', found));
    if (!this.#settings.singleFlight || found === 'not-kept') return this.#fetch(asked, found);
    const flight = this.#flights.for(asked);
    if (flight === undefined) return this.#fetch(asked, found, this.#flights.begin(asked));
    return flight.landed.then((landing) => this.#afterFlight(asked, found, flight, landing));
  }

  /** A failure is not waited for twice. */
  #afterFlight(
    asked: Asked,
    reason: MissReason,
    { context }: Flight,
    landing: Landing,
  ): CacheDecision | Promise<CacheDecision> {
    switch (landing.kind) {
      case 'kept': {
        const { answer, scope } = landing;
        if (scope === 'private' && context !== asked.context) return this.#decide(asked);
        return this.#give({ id: asked.id, answer, mark: 'wait', ageUs: 0 });
      }
      case 'failed': {
        const spare = this.#spare(asked);
        return spare === undefined ? this.#fetch(asked, reason) : this.#give(spare);
      }
      case 'not-kept':
        return this.#fetch(asked, reason);
      case 'dropped':
        return this.#decide(asked);
    }
  }

  #give(given: Given): CacheDecision {
    this.#counts[given.mark] += 1;
    return { kind: 'give', given };
  }

  #given({ id }: Asked, mark: 'hit' | 'stale', { value, receivedUs }: CacheEntry<KeptAnswer>): Given {
    return { id, answer: value, mark, ageUs: this.#clock.now() - receivedUs };
  }

  #spare(asked: Asked): Given | undefined {
    const spare = this.#store.spare(asked.key, asked.context, this.#clock.now());
    return spare && this.#given(asked, 'stale', spare);
  }

  #fetch(asked: Asked, reason: MissReason, land: (landing: Landing) => void = () => {}): CacheDecision {
    this.#counts.miss += 1;
    const stamp = this.#store.stampOf(asked.key);
    const onEnd = (end: FetchEnd): void => land(this.#landingOf(asked, stamp, end));
    const fetch = new Fetch(reason, onEnd, () => this.#instead(asked));
    return { kind: 'fetch', fetch };
  }

  /** What is given in place of a failed fetch, which was counted as a miss. */
  #instead(asked: Asked): Given | undefined {
    const spare = this.#spare(asked);
    if (spare !== undefined) {
      this.#counts.miss -= 1;
      this.#counts.stale += 1;
    }
    return spare;
  }

  /** Keeps what may be kept. */
  #landingOf(asked: Asked, stamp: number, end: FetchEnd): Landing {
    switch (end.kind) {
      case 'message':
        return this.#keep(asked, stamp, end.text);
      case 'unreadable':
        return this.#leave(end.reason);
      case 'failed':
        this.#leave('failed');
        return end;
      case 'dropped':
        return end;
    }
  }

  #keep(asked: Asked, stamp: number, text: string): Landing {
    const { method, key, context, id } = asked;
    const value = keptAnswer(text, id);
    if (value === undefined) return this.#leave('message');
    const result = readCacheable(text);
    if (result === undefined) {
      // A cursor that the server does not know any more makes all pages of the list doubtful.
      const isList = (LIST_METHODS as readonly string[]).includes(method);
      if (isList && key !== method && errorCode(text) === INVALID_PARAMS)
        this.#store.dropPages(method, context);
      return this.#leave('error');
    }
    const { scope } = result.hints;
    const isKept = this.#store.keep(key, context, { value, result, stamp }, this.#clock.now());
    this.#flights.learn(key, isKept && scope === 'public');
    return isKept ? { kind: 'kept', answer: value, scope } : this.#leave('hints');
  }

  #leave(reason: NotKept): Landing {
    this.#notKept[reason] = (this.#notKept[reason] ?? 0) + 1;
    return { kind: 'not-kept' };
  }
}

function errorCode(text: string): unknown {
  const error = membersAt(text, 0, ['error'])?.error;
  return error && (parsed(text.slice(error.from, error.to)) as { readonly code?: unknown } | null)?.code;
}
