/** @module The counts of a balancer. */

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
}
