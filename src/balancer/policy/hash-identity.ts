/** @module Policy `hash-identity`: a consistent hash of the caller's identity. */
import type { CreatePolicy } from './policy.ts';
import { rendezvous } from './rendezvous.ts';

/**
 * A consistent hash of `Authorization`, or of the client's address for a request without it (nginx `hash $http_authorization` and
 * `ip_hash`). It keeps a caller, and so its sessions, on one upstream; it spreads callers, not requests. On loopback every caller
 * has the same address, so without authorization ALL requests go to ONE upstream. A caller that renews its token changes its key,
 * moves, and loses its sessions.
 */
export const hashIdentity: CreatePolicy = (upstreams, seed) => {
  const owner = rendezvous(upstreams, seed);
  return { choose: (request) => owner(request.authorization ?? request.clientAddress) };
};
