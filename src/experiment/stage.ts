/** @module Fleet and balancer as faults see them. */
import type { Balancer } from '../balancer/balancer.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Stage } from './fault-timeline.ts';

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
    async drain(id) {
      if (balancer.drain === undefined) throw new Error('the balancer cannot drain an instance');
      await balancer.drain(id);
    },
    async join() {
      const next = waiting.shift();
      if (next === undefined || balancer.addUpstream === undefined)
        throw new Error('there is no instance to add, or the balancer cannot take it');
      await balancer.addUpstream(next);
      instances.push(next);
      return next.id;
    },
  };
}
