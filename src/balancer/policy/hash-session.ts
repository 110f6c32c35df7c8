/** @module Policy `hash-session`: the widespread mistake, a consistent hash on the session header of the request. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';
import { roundRobin } from './round-robin.ts';

/**
 * A consistent hash on `Mcp-Session-Id` of the REQUEST (nginx `hash $http_mcp_session_id consistent`, Envoy ring
 * hash and Istio `consistentHash` on the header). It is here because people deploy it: `initialize` carries no session
 * yet and goes round-robin, the answer mints an id, and the hash of that id has nothing to do with the upstream that
 * minted it. With N upstreams about one session in N is served where it lives.
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
