/** @module Starts the balancer in front of a fleet: one interface, several engines. */
import type { EngineName } from '../profile/balancer-kinds.ts';
import { UserError } from '../units/user-error.ts';
import { startEmbedded } from './engine/embedded.ts';
import type { Balancer, BalancerOptions, StartEngine } from './engine/engine.ts';
import { startHaproxy } from './engine/haproxy.ts';
import { installationProblem } from './engine/installed.ts';
import { startNginx } from './engine/nginx.ts';

export type { Balancer, BalancerOptions };

/** One line per engine; the names are those of `balancer.engine`. */
export const engines: Readonly<Record<EngineName, StartEngine>> = {
  embedded: startEmbedded,
  nginx: startNginx,
  haproxy: startHaproxy,
};

/**
 * Starts the balancer that `options.settings` names. Throws a `UserError` for a program that is not installed or too old for the
 * policy, for upstreams that no balancer here supports, and for a program that does not start. `signal` aborts the start only.
 */
export async function startBalancer(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  if (options.guard !== undefined && options.settings.engine !== 'embedded')
    throw new Error(`${options.settings.engine} cannot check tokens`);
  const problem = await installationProblem(options.settings);
  if (problem !== undefined) throw new UserError(problem);
  return engines[options.settings.engine](options, signal);
}
