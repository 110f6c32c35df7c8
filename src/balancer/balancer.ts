/** @module Starts the balancer in front of a fleet: one interface, several engines. */
import type { BalancerSettings } from '../profile/settings.ts';
import { startEmbedded } from './engine/embedded.ts';
import type { Balancer, BalancerOptions, StartEngine } from './engine/engine.ts';
import { startHaproxy } from './engine/haproxy.ts';
import { startNginx } from './engine/nginx.ts';

export type { Balancer, BalancerOptions };

const engines: Readonly<Record<BalancerSettings['engine'], StartEngine>> = {
  embedded: startEmbedded,
  nginx: startNginx,
  haproxy: startHaproxy,
};

/**
 * Starts the balancer that `options.settings` names. Throws a `UserError` for upstreams that no balancer here supports, and for a
 * program that does not start. `signal` aborts the start only.
 */
export function startBalancer(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  return engines[options.settings.engine](options, signal);
}
