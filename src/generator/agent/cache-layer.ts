/** @module The layer of an agent's cache: it keeps results as they allow it, or only observes what servers say of that. Source: MCP 2026-07-28, Caching. */
import { NO_CONTEXT } from '../../cache/context.ts';
import type { CacheKey } from '../../cache/key.ts';
import { type CacheEntry, type MissReason, ResponseCache } from '../../cache/response-cache.ts';
import { type CacheableMethod, isCacheable, STALE_EVIDENCE } from '../../protocol/caching/methods.ts';
import type { CallEncoder } from '../../protocol/call.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { FetchReason } from '../../recording/measure/cache-counts.ts';
import type { Micros } from '../../units/time.ts';
import { CacheCount, type Sought } from './cache-count.ts';
import { CacheListener, type MakeStale } from './cache-listener.ts';
import { type CacheSharing, type Kept, NOTHING_READ, type Read } from './cache-sharing.ts';
import { cachedEnd } from './cached-answers.ts';
import {
  type AgentRequest,
  type CallContext,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';
import type { PageEncoders } from './pages.ts';
import { Subscription, type SubscriptionOptions } from './subscription.ts';

export interface CacheLayerOptions {
  readonly sharing: CacheSharing;
  readonly now: () => Micros;
  /** What makes the request for the first page of a list. */
  readonly encoders: PageEncoders;
  readonly ids: OwnIds;
  /** Number of the agent. */
  readonly agent: number;
  /** Absent: it is told of no changes. */
  readonly subscription?: SubscriptionOptions | undefined;
}

/** Above the session and the credentials, because a hit needs neither; below the pages, because each is an entry of its own. */
export function cacheLayer(options: CacheLayerOptions): Layer {
  return (next) => new CachingCaller(next, options);
}

/** A call that was not given from the cache. */
interface Asked extends Sought {
  readonly key: CacheKey;
  readonly onEnd: OnEnd;
  readonly onMessage: OnMessage | undefined;
  readonly atUs: Micros;
}

/** A request under way, and the calls that wait for its answer. */
interface Flight {
  readonly waiting: Asked[];
}

/** JSON-RPC "invalid params": also of a cursor or of a tool that the server does not know. */
const INVALID_PARAMS = -32602;

/** Failures in whose place nothing is given: the caller may not have it, or the run has ended. */
const NOT_SPARED: ReadonlySet<Outcome> = new Set(['unauthorized', 'forbidden', 'aborted']);

class CachingCaller extends PassingCaller {
  readonly #options: CacheLayerOptions;
  readonly #count: CacheCount;
  readonly #subscription: Subscription | undefined;
  /** Of this agent alone, so that all of it is in one authorization context: that of its principal, whatever token it sends. */
  #cache: ResponseCache<Kept> | undefined = undefined;
  #flights: Map<CacheKey, Flight> | undefined = undefined;
  /** Lists that have begun again because a cursor was invalid, until they are asked for from the beginning. */
  #restarted: Set<CacheableMethod> | undefined = undefined;
  /** Whether a list of tools is under way that a failed call gave reason for. */
  #refetches = false;

  constructor(next: Caller, options: CacheLayerOptions) {
    super(next);
    const { sharing, agent, subscription, ids, now } = options;
    this.#options = options;
    this.#count = new CacheCount(sharing, agent);
    this.#subscription =
      subscription &&
      new Subscription(next, ids, subscription, new CacheListener(this.#makeStale, sharing.tally, now));
  }

  override async open(): Promise<void> {
    await this.next.open();
    await this.#subscription?.open();
  }

  override close(): Promise<void> {
    this.#subscription?.close();
    return this.next.close();
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const { method } = request.operation;
    if (isCacheable(method)) this.#look(request, method, onEnd, onMessage);
    else if (method === 'tools/call') this.#call(request, onEnd, keepBody, onMessage);
    else this.next.send(request, onEnd, keepBody, onMessage);
  }

  #look(
    request: AgentRequest,
    method: CacheableMethod,
    onEnd: OnEnd,
    onMessage: OnMessage | undefined,
  ): void {
    const { sharing, now, agent } = this.#options;
    const key = sharing.keyOf(request.operation, method);
    const atUs = now();
    sharing.lookups?.add(agent, key, atUs);
    if (request.arrival !== undefined) this.#restarted?.delete(method);
    const found = sharing.cacheOptions === undefined ? 'off' : this.#find(key, atUs);
    if (typeof found === 'string') {
      this.#miss({ request, method, key, onEnd, onMessage, atUs }, found);
      return;
    }
    this.#count.hit(request, method, found, atUs);
    sharing.answers.add(cachedEnd(found.value, atUs, atUs), onEnd);
  }

  #find(key: CacheKey, atUs: Micros): CacheEntry<Kept> | MissReason {
    this.#cache ??= new ResponseCache(this.#options.sharing.cacheOptions);
    return this.#cache.find(key, NO_CONTEXT, atUs);
  }

  #miss(asked: Asked, reason: FetchReason): void {
    const { settings } = this.#options.sharing;
    const isShared = settings.singleFlight && this.#cache !== undefined;
    const flight = isShared ? this.#flights?.get(asked.key) : undefined;
    if (flight !== undefined) flight.waiting.push(asked);
    else this.#fetch(asked, reason);
  }

  #fetch(asked: Asked, reason: FetchReason): void {
    const { key, request, onMessage } = asked;
    const stamp = this.#cache?.stampOf(key) ?? 0;
    const flight = this.#takeOff(key);
    const onReply = (reply: CallEnd): void => {
      const flights = this.#flights;
      if (flights?.get(key) === flight) flights?.delete(key);
      this.#fetched(asked, reason, stamp, reply, flight?.waiting ?? []);
    };
    this.next.send(request, onReply, true, onMessage);
  }

  /** With single flight, later calls for `key` wait for the request that is about to be sent. */
  #takeOff(key: CacheKey): Flight | undefined {
    if (!this.#options.sharing.settings.singleFlight || this.#cache === undefined) return undefined;
    const flight: Flight = { waiting: [] };
    this.#flights ??= new Map();
    this.#flights.set(key, flight);
    return flight;
  }

  #fetched(
    asked: Asked,
    reason: FetchReason,
    stamp: number,
    reply: CallEnd,
    waiting: readonly Asked[],
  ): void {
    const read = this.#read(reply);
    this.#count.fetched(asked, reason, reply, read);
    this.#keep(asked, read, stamp, reply.doneUs);
    if (this.#beginsAgain(asked, waiting, reply)) return;
    const end = this.#endOf(asked, reply, read);
    asked.onEnd(end);
    for (const waiter of waiting) this.#give(waiter, end, read);
  }

  #read({ outcome, body = '', repeats, retried }: CallEnd): Read {
    return outcome === 'ok' && retried !== true ? this.#options.sharing.read(body, repeats) : NOTHING_READ;
  }

  #keep({ key, request }: Asked, { result, kept }: Read, stamp: number, nowUs: Micros): void {
    if (this.#cache === undefined || result === undefined || kept === undefined) return;
    const before = this.#cache.evicted;
    this.#cache.keep(key, NO_CONTEXT, { value: kept, result, stamp }, nowUs);
    if (request.context.measured) this.#options.sharing.tally.evicted(this.#cache.evicted - before);
  }

  /** The end of a call that was fetched: when the fetch failed, perhaps from an entry that is not fresh any more. */
  #endOf(asked: Asked, reply: CallEnd, { kept }: Read): CallEnd {
    if (kept !== undefined) return { ...reply, nextCursor: kept.nextCursor };
    const { outcome, doneUs } = reply;
    if (outcome === 'ok' || NOT_SPARED.has(outcome)) return reply;
    const spare = this.#cache?.spare(asked.key, NO_CONTEXT, doneUs);
    if (spare === undefined) return reply;
    this.#count.stale(asked, spare, doneUs);
    return { ...cachedEnd(spare.value, asked.atUs, doneUs), failed: reply };
  }

  /** Ends a call that has waited for the fetch of another one as that ended. */
  #give(waiter: Asked, end: CallEnd, { kept }: Read): void {
    const { outcome, detail, doneUs, nextCursor = null, body } = end;
    this.#count.waited(waiter, kept, doneUs);
    waiter.onEnd({ ...cachedEnd({ nextCursor, body }, waiter.atUs, doneUs), outcome, detail });
  }

  /** An invalid cursor makes all pages of its list stale: whoever asked for the page begins again from the first one, once. */
  #beginsAgain({ request, ...asked }: Asked, waiting: readonly Asked[], { outcome, code }: CallEnd): boolean {
    const { sharing, encoders } = this.#options;
    const { method } = asked;
    const encode = encoders.get(method);
    const isInvalid =
      outcome === 'rpc-error' && code === INVALID_PARAMS && request.operation.cursor !== undefined;
    if (!isInvalid || encode === undefined) return false;
    this.#cache?.dropPages(method, NO_CONTEXT);
    if (request.context.measured) sharing.tally.pagesDropped();
    this.#restarted ??= new Set();
    if (this.#restarted.has(method)) return false;
    this.#restarted.add(method);
    for (const { onEnd, onMessage } of [asked, ...waiting])
      this.#look(this.#firstPage(method, request.context, encode), method, onEnd, onMessage);
    return true;
  }

  /** Calls a tool by the name that this agent knows it by. */
  #call(
    request: AgentRequest,
    onEnd: OnEnd,
    keepBody: boolean | undefined,
    onMessage: OnMessage | undefined,
  ): void {
    const { toolNames } = this.#options.sharing;
    const { name = '' } = request.operation;
    const current = toolNames.nameIn(this.#count.toolsVersion, name);
    const onReply = (end: CallEnd): void => {
      if (end.outcome === 'rpc-error') this.#failed(end, request.context);
      onEnd(end);
    };
    this.next.send(current === name ? request : request.named(current), onReply, keepBody, onMessage);
  }

  /** A call of a tool has failed: the list of tools may be older than the tools. */
  #failed({ code }: CallEnd, context: CallContext): void {
    const { toolNames, tally } = this.#options.sharing;
    const isOld = code === INVALID_PARAMS && toolNames.isOld(this.#count.toolsVersion);
    if (isOld && context.measured) tally.failedByStaleList();
    if (code !== undefined && STALE_EVIDENCE.includes(code)) this.#refetchTools(context);
  }

  /** Fetches the list of tools early. One such list is under way at a time. */
  #refetchTools(context: CallContext): void {
    const { encoders, now } = this.#options;
    const [method, key] = ['tools/list', 'tools/list'] as const;
    const encode = encoders.get(method);
    if (encode === undefined || this.#cache === undefined || this.#refetches) return;
    this.#refetches = true;
    const atUs = now();
    this.#makeStale((cache) => cache.invalidate([method], atUs), atUs);
    const onEnd = (): void => {
      this.#refetches = false;
    };
    const request = this.#firstPage(method, context, encode);
    this.#fetch({ request, method, key, onEnd, onMessage: undefined, atUs }, 'evidence');
  }

  /** Makes entries stale, and counts them. */
  readonly #makeStale: MakeStale = (make, atUs) => {
    if (this.#cache === undefined) return;
    const before = this.#cache.invalidated;
    make(this.#cache);
    this.#options.sharing.tally.invalidated(this.#cache.invalidated - before, atUs);
  };

  #firstPage(method: CacheableMethod, context: CallContext, encode: CallEncoder): AgentRequest {
    const { ids } = this.#options;
    return new OwnRequest({ method }, context, (fields) => encode(ids.next(), undefined, fields));
  }
}
