/** @module Counts what one agent is given and fetches, and takes note of the version of the tools that it knows. */
import type { CacheEntry } from '../../cache/response-cache.ts';
import { readMark } from '../../protocol/caching/marks.ts';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import type { FetchReason } from '../../recording/measure/cache-counts.ts';
import type { Micros } from '../../units/time.ts';
import type { CacheSharing, Kept, Read } from './cache-sharing.ts';
import type { AgentRequest, CallEnd } from './caller.ts';
import { FIRST_VERSION } from './tool-names.ts';

/** A request for a result that can be kept. */
export interface Sought {
  readonly request: AgentRequest;
  readonly method: CacheableMethod;
}

/** The counts of one agent. Calls of the warm-up count in none of them, but are noted for what the agent knows. */
export class CacheCount {
  readonly #sharing: CacheSharing;
  readonly #agent: number;
  /** The version of the tools that this agent knows. */
  toolsVersion = FIRST_VERSION;

  constructor(sharing: CacheSharing, agent: number) {
    this.#sharing = sharing;
    this.#agent = agent;
  }

  /** Given from a fresh entry. */
  hit(request: AgentRequest, method: CacheableMethod, entry: CacheEntry<Kept>, atUs: Micros): void {
    const { value, receivedUs } = entry;
    if (request.context.measured) {
      const { bytes } = value;
      this.#sharing.tally.hit({ method, agent: this.#agent, atUs, ageUs: atUs - receivedUs, bytes });
    }
    this.#learn(request, method, value, atUs);
  }

  /** Given from the answer to the fetch of another call. */
  waited({ request, method }: Sought, kept: Kept | undefined, atUs: Micros): void {
    if (request.context.measured)
      this.#sharing.tally.waited({ method, agent: this.#agent, atUs, bytes: kept?.bytes ?? 0 });
    this.#learn(request, method, kept, atUs);
  }

  /** Given from an entry that is not fresh, in place of a fetch that failed. */
  stale({ request, method }: Sought, { value, receivedUs }: CacheEntry<Kept>, atUs: Micros): void {
    if (request.context.measured) {
      const { bytes } = value;
      this.#sharing.tally.stale({ method, agent: this.#agent, atUs, ageUs: atUs - receivedUs, bytes });
    }
    this.#learn(request, method, value, atUs);
  }

  /** Answered over the wire: by the origin, unless a cache on the way says otherwise. */
  fetched({ request, method }: Sought, reason: FetchReason, reply: CallEnd, { result, kept }: Read): void {
    const { sentUs, doneUs } = reply;
    this.#learn(request, method, kept, doneUs);
    if (!request.context.measured) return;
    const { tally, settings } = this.#sharing;
    const isBehindGateway = settings.honour && settings.at === 'gateway';
    const fetch = { method, agent: this.#agent, sentUs, doneUs, bytes: kept?.bytes ?? 0 };
    if (!isBehindGateway) {
      tally.fetched({ ...fetch, reason, result });
      return;
    }
    const mark = readMark(reply.serverTiming);
    const given = { method, agent: this.#agent, atUs: doneUs, ageUs: mark?.ageUs, bytes: fetch.bytes };
    switch (mark?.mark) {
      case 'hit':
        tally.hit(given);
        break;
      case 'wait':
        tally.waited(given);
        break;
      case 'stale':
        tally.fetched({ ...fetch, reason: mark.reason ?? 'expired', result: undefined });
        tally.stale(given);
        break;
      default:
        tally.fetched({ ...fetch, reason: mark?.reason ?? 'cold', result });
    }
  }

  #learn({ operation }: AgentRequest, method: CacheableMethod, kept: Kept | undefined, atUs: Micros): void {
    const version = kept?.version;
    if (version === undefined) return;
    if (method === 'tools/list') this.toolsVersion = version;
    this.#sharing.tally.changes.answered({ agent: this.#agent, method, uri: operation.name, version, atUs });
  }
}
