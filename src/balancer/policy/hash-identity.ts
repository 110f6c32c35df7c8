/** @module Policy `hash-identity`: a consistent hash on who calls. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';

/**
 * A consistent hash on `Authorization`; without one, on the client's address (nginx `hash $http_authorization` and
 * `ip_hash`). It keeps a caller, and so its sessions, on one upstream, but spreads callers, not requests. On loopback
 * every caller has the same address: without authorization ALL requests go to ONE upstream. A caller that renews
 * its token changes its key, moves, and loses its sessions.
 */
export const hashIdentity: CreatePolicy = (upstreams, seed) => {
  const owner = rendezvous(upstreams, seed);
  return { choose: (request) => owner(request.authorization ?? request.clientAddress) };
};
