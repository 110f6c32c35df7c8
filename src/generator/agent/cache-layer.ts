/** @module The layer of an agent's cache: it keeps results as they allow it, or only observes what servers say of that. Source: MCP 2026-07-28, Caching. */
import { NO_CONTEXT } from '../../cache/context.ts';
import type { CacheKey } from '../../cache/key.ts';
import { type CacheEntry, type MissReason, ResponseCache } from '../../cache/response-cache.ts';
import { type CacheableResult, readCacheable } from '../../protocol/caching/hints.ts';
import { readMark } from '../../protocol/caching/marks.ts';
import { type CacheableMethod, isCacheable, STALE_EVIDENCE } from '../../protocol/caching/methods.ts';
import type { CallEncoder } from '../../protocol/call.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { FetchReason } from '../../recording/measure/cache-counts.ts';
import type { Micros } from '../../units/time.ts';
import type { CacheSharing, Kept } from './cache-sharing.ts';
import { cachedEnd } from './cached-answers.ts';
import {
  type AgentRequest,
  type CallContext,
  type CallEnd,
  type Caller,
  type Layer,
  PassingCaller,
} from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';
import type { PageEncoders } from './pages.ts';
import { FIRST_VERSION } from './tool-names.ts';

export interface CacheLayerOptions {
  readonly sharing: CacheSharing;
  readonly now: () => Micros;
  /** What makes the request for the first page of a list. */
  readonly encoders: PageEncoders;
  readonly ids: OwnIds;
  /** Number of the agent. */
  readonly agent: number;
}

/** Above the session and the credentials, because a hit needs neither; below the pages, because each is an entry of its own. */
export function cacheLayer(options: CacheLayerOptions): Layer {
  return (next) => new CachingCaller(next, options);
}

type OnEnd = (end: CallEnd) => void;
type OnMessage = ((text: string) => void) | undefined;

/** A call that was not given from the cache. */
interface Asked {
  readonly request: AgentRequest;
  readonly method: CacheableMethod;
  readonly key: CacheKey;
  readonly onEnd: OnEnd;
  readonly onMessage: OnMessage;
  readonly atUs: Micros;
}

/** A request under way for which others wait. */
interface Flight {
  readonly waiting: Asked[];
}

/** JSON-RPC "invalid params": also of a cursor or of a tool that the server does not know. */
const INVALID_PARAMS = -32602;

/** Failures in whose place nothing is given: the caller may not have it, or the run has ended. */
const NOT_SPARED: ReadonlySet<Outcome> = new Set(['unauthorized', 'forbidden', 'aborted']);

class CachingCaller extends PassingCaller {
  readonly #options: CacheLayerOptions;
  /** Of this agent alone, so that all of it is in one authorization context: that of its principal, whatever token it sends. */
  #cache: ResponseCache<Kept> | undefined = undefined;
  #flights: Map<CacheKey, Flight> | undefined = undefined;
  /** Lists that have begun again because a cursor was invalid, until they are asked for from the beginning. */
  #restarted: Set<CacheableMethod> | undefined = undefined;
  /** Whether a list of tools is under way that a failed call gave reason for. */
  #refetches = false;
  /** The version of the tools that this agent knows. */
  #toolsVersion = FIRST_VERSION;

  constructor(next: Caller, options: CacheLayerOptions) {
    super(next);
    this.#options = options;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const { method } = request.operation;
    if (isCacheable(method)) this.#look(request, method, onEnd, onMessage);
    else if (method === 'tools/call') this.#call(request, onEnd, keepBody, onMessage);
    else this.next.send(request, onEnd, keepBody, onMessage);
  }

  #look(request: AgentRequest, method: CacheableMethod, onEnd: OnEnd, onMessage: OnMessage): void {
    const { sharing, now, agent } = this.#options;
    const key = sharing.keyOf(request.operation, method);
    const atUs = now();
    sharing.lookups?.add(agent, key, atUs);
    if (request.arrival !== undefined) this.#restarted?.delete(method);
    const found = sharing.cacheOptions === undefined ? 'off' : this.#find(key, atUs);
    if (typeof found === 'string') this.#miss({ request, method, key, onEnd, onMessage, atUs }, found);
    else this.#hit(request, method, found, atUs, onEnd);
  }

  #find(key: CacheKey, atUs: Micros): CacheEntry<Kept> | MissReason {
    this.#cache ??= new ResponseCache(this.#options.sharing.cacheOptions);
    return this.#cache.find(key, NO_CONTEXT, atUs);
  }

  #hit(
    request: AgentRequest,
    method: CacheableMethod,
    { value, receivedUs }: CacheEntry<Kept>,
    atUs: Micros,
    onEnd: OnEnd,
  ): void {
    const { sharing, agent } = this.#options;
    if (request.context.measured)
      sharing.tally.hit({ method, agent, atUs, ageUs: atUs - receivedUs, bytes: value.bytes });
    this.#learn(request, method, value.version, atUs);
    sharing.answers.add(cachedEnd(value.nextCursor, atUs, atUs), onEnd);
  }

  #miss(asked: Asked, reason: FetchReason): void {
    const { settings } = this.#options.sharing;
    if (!settings.singleFlight || this.#cache === undefined) {
      this.#fetch(asked, reason);
      return;
    }
    const flight = this.#flights?.get(asked.key);
    if (flight === undefined) this.#fetch(asked, reason, this.#takeOff(asked.key));
    else flight.waiting.push(asked);
  }

  /** Lets later calls for `key` wait for the request that is about to be sent. */
  #takeOff(key: CacheKey): Flight {
    const flight: Flight = { waiting: [] };
    this.#flights ??= new Map();
    this.#flights.set(key, flight);
    return flight;
  }

  #fetch(asked: Asked, reason: FetchReason, flight?: Flight): void {
    const stamp = this.#cache?.stampOf(asked.key) ?? 0;
    const onReply = (reply: CallEnd): void => {
      if (flight !== undefined && this.#flights?.get(asked.key) === flight) this.#flights.delete(asked.key);
      this.#fetched(asked, reason, stamp, reply, flight?.waiting ?? []);
    };
    this.next.send(asked.request, onReply, true, asked.onMessage);
  }

  #fetched(
    asked: Asked,
    reason: FetchReason,
    stamp: number,
    reply: CallEnd,
    waiting: readonly Asked[],
  ): void {
    const { sharing } = this.#options;
    const body = reply.outcome === 'ok' ? (reply.body ?? '') : '';
    const result = reply.outcome === 'ok' ? readCacheable(body) : undefined;
    const kept = result && sharing.kept(result, Buffer.byteLength(body));
    this.#count(asked, reason, reply, result, kept);
    if (result !== undefined && kept !== undefined) this.#keep(asked, kept, result, stamp, reply.doneUs);
    else if (this.#beginsAgain(asked, waiting, reply)) return;
    const end = this.#endOf(asked, reply, kept);
    asked.onEnd(end);
    for (const waiter of waiting) this.#give(waiter, end, kept);
  }

  #keep({ key, request }: Asked, value: Kept, result: CacheableResult, stamp: number, nowUs: Micros): void {
    if (this.#cache === undefined) return;
    const before = this.#cache.evicted;
    this.#cache.keep(key, NO_CONTEXT, { value, result, stamp }, nowUs);
    if (request.context.measured) this.#options.sharing.tally.evicted(this.#cache.evicted - before);
  }

  /** Counts where an answer came from: from the origin, unless a cache on the way says otherwise. */
  #count(
    { request, method }: Asked,
    reason: FetchReason,
    { sentUs, doneUs, serverTiming }: CallEnd,
    result: CacheableResult | undefined,
    kept: Kept | undefined,
  ): void {
    const { sharing, agent } = this.#options;
    const { tally, settings } = sharing;
    this.#learn(request, method, kept?.version, doneUs);
    if (!request.context.measured) return;
    const bytes = kept?.bytes ?? 0;
    const isMarked = settings.honour && settings.at === 'gateway';
    const mark = isMarked ? readMark(serverTiming) : undefined;
    const given = { method, agent, atUs: doneUs, ageUs: mark?.ageUs, bytes };
    if (mark?.mark === 'hit') tally.hit(given);
    else if (mark?.mark === 'wait') tally.waited(given);
    else {
      const why = isMarked ? (mark?.reason ?? 'cold') : reason;
      tally.fetched({
        method,
        agent,
        reason: why,
        sentUs,
        doneUs,
        result: mark?.mark === 'stale' ? undefined : result,
        bytes,
      });
      if (mark?.mark === 'stale') tally.stale(given);
    }
  }

  /** The end of a call that was fetched: when the fetch failed, perhaps from an entry that is not fresh any more. */
  #endOf({ key, method, request, atUs }: Asked, reply: CallEnd, kept: Kept | undefined): CallEnd {
    if (kept !== undefined) return { ...reply, nextCursor: kept.nextCursor };
    const { outcome, doneUs } = reply;
    const spare =
      outcome === 'ok' || NOT_SPARED.has(outcome) ? undefined : this.#cache?.spare(key, NO_CONTEXT, doneUs);
    if (spare === undefined) return reply;
    const { sharing, agent } = this.#options;
    const { version, bytes, nextCursor } = spare.value;
    if (request.context.measured)
      sharing.tally.stale({ method, agent, atUs: doneUs, ageUs: doneUs - spare.receivedUs, bytes });
    this.#learn(request, method, version, doneUs);
    return { ...cachedEnd(nextCursor, atUs, doneUs), failed: reply };
  }

  /** Ends a call that has waited for the fetch of another one as that ended. */
  #give({ request, method, atUs, onEnd }: Asked, end: CallEnd, kept: Kept | undefined): void {
    const { sharing, agent } = this.#options;
    const { outcome, detail, doneUs, nextCursor = null } = end;
    if (request.context.measured)
      sharing.tally.waited({ method, agent, atUs: doneUs, bytes: kept?.bytes ?? 0 });
    this.#learn(request, method, kept?.version, doneUs);
    onEnd({ ...cachedEnd(nextCursor, atUs, doneUs), outcome, detail });
  }

  /** Takes note of the version that a call was given. */
  #learn(
    { operation }: AgentRequest,
    method: CacheableMethod,
    version: number | undefined,
    atUs: Micros,
  ): void {
    if (version === undefined) return;
    const { sharing, agent } = this.#options;
    if (method === 'tools/list') this.#toolsVersion = version;
    sharing.tally.changes.answered({ agent, method, uri: operation.name, version, atUs });
  }

  /** An invalid cursor makes all pages of its list stale: whoever asked for the page begins again from the first one, once. */
  #beginsAgain(asked: Asked, waiting: readonly Asked[], { outcome, code }: CallEnd): boolean {
    const { request, method } = asked;
    const { sharing, encoders } = this.#options;
    const encode = encoders.get(method);
    const isInvalid =
      outcome === 'rpc-error' && code === INVALID_PARAMS && request.operation.cursor !== undefined;
    if (!isInvalid || encode === undefined) return false;
    this.#cache?.dropPages(method, NO_CONTEXT);
    if (request.context.measured) sharing.tally.pagesDropped();
    this.#restarted ??= new Set();
    if (this.#restarted.has(method)) return false;
    this.#restarted.add(method);
    for (const { request, onEnd, onMessage } of [asked, ...waiting])
      this.#look(this.#firstPage(method, request.context, encode), method, onEnd, onMessage);
    return true;
  }

  /** Calls a tool by the name that this agent knows it by. */
  #call(request: AgentRequest, onEnd: OnEnd, keepBody: boolean | undefined, onMessage: OnMessage): void {
    const { toolNames } = this.#options.sharing;
    const { name = '' } = request.operation;
    const current = toolNames.nameIn(this.#toolsVersion, name);
    const call = current === name ? request : request.named(current);
    const onReply = (end: CallEnd): void => {
      if (end.outcome === 'rpc-error') this.#failed(end, request.context);
      onEnd(end);
    };
    this.next.send(call, onReply, keepBody, onMessage);
  }

  /** A call of a tool has failed: the list of tools may be older than the tools. */
  #failed({ code }: CallEnd, context: CallContext): void {
    const { sharing, encoders, now } = this.#options;
    const { toolNames, tally } = sharing;
    const isOld = code === INVALID_PARAMS && toolNames.isOld(this.#toolsVersion);
    if (isOld && context.measured) tally.failedByStaleList();
    const encode = encoders.get('tools/list');
    const isEvidence = code !== undefined && STALE_EVIDENCE.includes(code);
    if (!isEvidence || encode === undefined || this.#cache === undefined || this.#refetches) return;
    this.#refetches = true;
    const [method, key, atUs] = ['tools/list' as const, 'tools/list', now()] as const;
    this.#invalidate((cache) => cache.invalidate([method], atUs), atUs);
    const onEnd = (): void => {
      this.#refetches = false;
    };
    const asked = {
      request: this.#firstPage(method, context, encode),
      method,
      key,
      onEnd,
      onMessage: undefined,
      atUs,
    };
    this.#fetch(asked, 'evidence', sharing.settings.singleFlight ? this.#takeOff(key) : undefined);
  }

  /** Makes entries stale, and counts them. */
  #invalidate(make: (cache: ResponseCache<Kept>) => void, atUs: Micros): void {
    if (this.#cache === undefined) return;
    const before = this.#cache.invalidated;
    make(this.#cache);
    this.#options.sharing.tally.invalidated(this.#cache.invalidated - before, atUs);
  }

  #firstPage(method: CacheableMethod, context: CallContext, encode: CallEncoder): AgentRequest {
    const { ids } = this.#options;
    return new OwnRequest({ method }, context, (fields) => encode(ids.next(), undefined, true, fields));
  }
}
