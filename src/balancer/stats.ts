/** @module What a balancer counts. */

export interface UpstreamStats {
  readonly id: string;
  /** Whether it accepts connections, as far as is known. */
  readonly live: boolean;
  /** Requests handed to it. */
  readonly requests: number;
  /** Attempts at a request that failed for the upstream's reasons: no connection, a broken connection, nonsense. */
  readonly failures: number;
  /** Requests handed to it that have not ended. */
  readonly inFlight: number;
  /** Connections made so far; far fewer than `requests` when they are reused. */
  readonly connections: number;
  readonly openConnections: number;
}

export interface BalancerStats {
  /** In the order in which the upstreams were given. */
  readonly upstreams: readonly UpstreamStats[];
  /** Requests the balancer answered itself: unreadable ones (4xx, 5xx) and those that found no upstream (502). */
  readonly ownAnswers: number;
  /** Requests whose client went away before the answer was complete. */
  readonly cancelled: number;
}
