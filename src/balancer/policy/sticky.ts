/** @module Policy `sticky`: a session stays on the upstream that created it, learned from the answer. */
import type { CreatePolicy, RoutedResponse } from './policy.ts';
import { liveFrom, roundRobin } from './round-robin.ts';

/** The most sessions that are stored; beyond it, the oldest is removed (HAProxy: `stick-table ... size 1m`). */
const MOST_SESSIONS = 1_000_000;

const succeeded = (response: RoutedResponse): boolean => response.status >= 200 && response.status < 300;

/**
 * Learns the owner from the successful answer that carries `Mcp-Session-Id`, as HAProxy does with
 * `stick store-response` and `stick match`. Requests without a session, or with an unknown one, go round-robin. While an owner is
 * down, its sessions go to the next live upstream, and return with it. A draining owner keeps its sessions. A session is removed
 * when a DELETE of it succeeds, or when its owner answers a POST with 404 (MCP 2025-11-25: the session has ended). A 404 to a GET says
 * only that the server has no stream to offer.
 */
export const sticky: CreatePolicy = (upstreams, seed) => {
  const owners = new Map<string, number>();
  const fallback = roundRobin(upstreams, seed);
  const learnOwner = (sessionId: string, upstream: number): void => {
    owners.set(sessionId, upstream);
    if (owners.size > MOST_SESSIONS) owners.delete(owners.keys().next().value!);
  };
  return {
    choose(request) {
      const owner = request.sessionId === undefined ? undefined : owners.get(request.sessionId);
      if (owner === undefined) return fallback.choose(request);
      return upstreams[owner]!.draining === true ? owner : liveFrom(upstreams, owner);
    },
    learn(request, response, upstream) {
      const asked = request.sessionId;
      const deleted = request.method === 'DELETE' && succeeded(response);
      const gone = request.method === 'POST' && response.status === 404;
      const ended = gone && asked !== undefined && owners.get(asked) === upstream;
      if (asked !== undefined && (deleted || ended)) owners.delete(asked);
      else if (response.sessionId !== undefined && succeeded(response))
        learnOwner(response.sessionId, upstream);
    },
  };
};
