/** @module Fleet and balancer as faults see them. */
import type { Balancer } from '../balancer/balancer.ts';
import type { PlannedFault } from '../profile/settings.ts';
import type { Stage } from './events/timeline.ts';
import type { Fleet } from './fleet/fleet.ts';

type Named = { readonly id: string; readonly url: string };

/**
 * What faults act upon. `instances` are those behind the balancer, to which it adds; `standby` run already and wait to join them.
 */
export function createStage(
  fleet: Fleet,
  balancer: Balancer,
  instances: Named[],
  standby: readonly Named[],
): Stage {
  const waiting = [...standby];
  return {
    instances: instances.map(({ id }) => id),
    kill: (id) => fleet.kill(id),
    pause: (id) => fleet.pause(id),
    resume: (id) => fleet.resume(id),
    slow: (id, us) => fleet.slow(id, us),
    drain: (id) => balancer.drain(id),
    async join() {
      const next = waiting.shift();
      if (next === undefined) throw new Error('no instance is left that could join');
      await balancer.addUpstream(next);
      instances.push(next);
      return next.id;
    },
  };
}

/** How many instances at most join a fleet that begins with `size`. `faults` are in the order in which they come; a restart replaces those that joined before it, too. */
export function joiners(faults: readonly PlannedFault[], size: number): number {
  let added = 0;
  let joining = 0;
  for (const { kind, count } of faults) {
    if (kind === 'add') added += count;
    if (kind === 'add') joining += count;
    if (kind === 'restart') joining += size + added;
  }
  return joining;
}
