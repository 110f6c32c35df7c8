/** @module The balancer in front of a fleet: one interface, one engine per way of balancing. */
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
 * Starts the balancer that `options.settings` names. Throws a `UserError` when it cannot be had: upstreams it cannot
 * reach by design, or a process that does not start. `signal` aborts the start only.
 */
export function startBalancer(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  return engines[options.settings.engine](options, signal);
}
