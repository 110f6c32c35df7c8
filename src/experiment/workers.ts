/** @module How many threads make the load. */
import { availableParallelism } from 'node:os';
import type { Era, Settings, Shape } from '../profile/settings.ts';
import type { PerSecond } from '../units/time.ts';

/** What one thread can be asked to send without becoming the limit, with room to spare. */
const PER_WORKER: PerSecond = 20_000;

/**
 * Threads for `settings`: as asked; for `auto`, as many as the highest rate needs, within what the machine has left beside
 * fleet and balancer. Never more than there are agents with a session, or connections.
 */
export function workersFor({ load, endpoint }: Settings, era: Era): number {
  const most = Math.min(load.connections, era === 'sessions' ? load.agents : Number.POSITIVE_INFINITY);
  if (load.workers !== 'auto') return Math.min(load.workers, most);
  // Instances that run already may run elsewhere; of ours, there is the balancer.
  const taken = endpoint.kind === 'fleet' ? endpoint.instances + 1 : 1;
  const left = Math.max(1, availableParallelism() - taken);
  return Math.max(1, Math.min(left, most, Math.ceil(peakRate(load.shape) / PER_WORKER)));
}

/** The highest rate of a shape; of a closed loop, none is known, so every thread left is put to use. */
function peakRate(shape: Shape): PerSecond {
  switch (shape.kind) {
    case 'rate':
      return shape.perSecond;
    case 'stages':
      return Math.max(...shape.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]));
    case 'closed':
      return Number.POSITIVE_INFINITY;
  }
}
