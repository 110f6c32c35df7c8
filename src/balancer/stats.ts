/** @module The counts of a balancer. */
import type { CacheMark } from '../protocol/caching/marks.ts';

export interface UpstreamStats {
  readonly id: string;
  /** Whether it accepts connections, as far as is known. */
  readonly live: boolean;
  /** Requests handed to it. */
  readonly requests: number;
  /** Attempts at a request that the upstream failed: no connection, a broken connection, an invalid answer. */
  readonly failures: number;
  /** Requests handed to it that have not ended. */
  readonly inFlight: number;
  /** Connections opened so far; far fewer than `requests` when they are reused. */
  readonly connections: number;
  readonly openConnections: number;
}

export interface BalancerStats {
  /** In the order in which the upstreams were given. */
  readonly upstreams: readonly UpstreamStats[];
  /** Requests that the balancer answered itself: invalid ones (4xx, 5xx) and those without a live upstream (502). */
  readonly ownAnswers: number;
  /** Requests whose client disconnected before the answer was complete. */
  readonly cancelled: number;
  /** Absent without a cache. */
  readonly cache?: CacheStats;
}

/** Why an answer that was fetched is not kept. */
export type NotKept =
  /** Not 200. */
  | 'status'
  /** With `Content-Encoding`, which not every client reads. */
  | 'encoded'
  /** Neither JSON nor an event stream. */
  | 'type'
  /** Too large. */
  | 'size'
  /** An event stream with more than one message, or an incomplete one. */
  | 'events'
  /** Not a JSON-RPC message with the id of the request. */
  | 'message'
  /** A JSON-RPC error. */
  | 'error'
  /** `ttlMs` is 0, absent or malformed, or the result is not complete. */
  | 'hints'
  /** No complete answer, or a server error. */
  | 'failed';

/** Requests of the methods whose results can be kept. */
export interface CacheStats extends Readonly<Record<CacheMark, number>> {
  /** Forwarded without a look into the cache: what they ask for depends on more than the cache knows. */
  readonly pass: number;
  readonly notKept: Readonly<Partial<Record<NotKept, number>>>;
  readonly entries: number;
  readonly evicted: number;
}
