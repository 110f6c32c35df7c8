/** @module The interface of a policy: the rule by which the balancer chooses the upstream of a request. A policy does no I/O and reads no clock. */

/** The part of a request that a policy can use. */
export interface RoutedRequest {
  readonly method: string;
  /** `Mcp-Session-Id` of the request. */
  readonly sessionId: string | undefined;
  /** `Mcp-Method` of the request: the JSON-RPC method; only the stateless era sends it. */
  readonly mcpMethod: string | undefined;
  /** `Mcp-Name` of the request: the tool, prompt or resource; only the stateless era sends it. */
  readonly mcpName: string | undefined;
  /** `Authorization` of the request, scheme included. */
  readonly authorization: string | undefined;
  /** Address the connection came from, without the port. */
  readonly clientAddress: string;
}

/** The part of an answer's head that a policy can use. */
export interface RoutedResponse {
  readonly status: number;
  /** `Mcp-Session-Id` of the answer. */
  readonly sessionId: string | undefined;
}

/** The current state of an upstream. The proxy updates it and policies only read it, so there is one set of counts. */
export interface UpstreamState {
  readonly id: string;
  /** Whether it gets new work: it accepts connections, as far as is known, and is not draining. */
  readonly live: boolean;
  /** Whether it is draining: it is not `live`, but still gets the requests of its own sessions. */
  readonly draining?: boolean;
  /** Requests given to it that have not ended. */
  readonly inFlight: number;
}

/** Chooses upstreams. Belongs to one balancer and may keep state. */
export interface Policy {
  /** The index of a live upstream, or {@link NONE} when none is live. Never throws. */
  choose(request: RoutedRequest): number;
  /** Called for every final answer when its head arrives, with the index of the upstream that sent it. */
  learn?(request: RoutedRequest, response: RoutedResponse, upstream: number): void;
}

/** The choice when no upstream is live. */
export const NONE = -1;

/** Creates a policy over `upstreams`, which may grow at the end and never shrinks. The same seed and requests give the same choices. */
export type CreatePolicy = (upstreams: readonly UpstreamState[], seed: number) => Policy;
