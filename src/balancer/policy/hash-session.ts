/** @module Policy `hash-session`, a common mistake: a consistent hash of the session header of the request. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';
import { roundRobin } from './round-robin.ts';

/**
 * A consistent hash of `Mcp-Session-Id` of the REQUEST (nginx `hash $http_mcp_session_id consistent`, Envoy ring hash and Istio
 * `consistentHash` on the header). It is included because people deploy it. `initialize` carries no session yet and goes
 * round-robin, the answer creates an id, and the hash of that id is unrelated to the upstream that created it. With N upstreams,
 * about one session in N reaches its owner.
 */
export const hashSession: CreatePolicy = (upstreams, seed) => {
  const owner = rendezvous(upstreams, seed);
  const fallback = roundRobin(upstreams, seed);
  return {
    choose: (request) =>
      request.sessionId === undefined || request.sessionId === ''
        ? fallback.choose(request)
        : owner(request.sessionId),
  };
};
