/** @module What a policy is: the rule by which the balancer picks the upstream of a request. Pure: it sees values, does no I/O and reads no clock. */

/** What a policy may know of a request. */
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

/** What a policy may know of the head of an answer. */
export interface RoutedResponse {
  readonly status: number;
  /** `Mcp-Session-Id` of the answer. */
  readonly sessionId: string | undefined;
}

/** An upstream as it stands now. The proxy keeps these up to date, so that counts exist once and cannot drift; policies only read them. */
export interface UpstreamState {
  readonly id: string;
  /** Whether it takes new work: it accepts connections, as far as is known, and is not being drained. */
  readonly live: boolean;
  /** Whether it takes requests of sessions that are its own although it is not `live`: it is being drained. */
  readonly draining?: boolean;
  /** Requests given to it that have not ended. */
  readonly inFlight: number;
}

/** Picks upstreams. Belongs to one balancer; may remember. */
export interface Policy {
  /** The index of a live upstream, or {@link NONE} when none is live. Never throws. */
  choose(request: RoutedRequest): number;
  /** Told of every final answer as its head arrives, with the index of the upstream that gave it. */
  learn?(request: RoutedRequest, response: RoutedResponse, upstream: number): void;
}

/** The choice when no upstream is live. */
export const NONE = -1;

/** Makes a policy over `upstreams`, which may grow at the end and never shrinks. Same seed, same questions: same choices. */
export type CreatePolicy = (upstreams: readonly UpstreamState[], seed: number) => Policy;
