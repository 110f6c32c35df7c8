/** @module The number of threads that generate the load. */
import { availableParallelism } from 'node:os';
import { mostEvenWorkers } from '../generator/schedule/residence.ts';
import type { LoadSettings, Settings, Shape } from '../profile/settings.ts';
import type { PerSecond } from '../units/time.ts';

/** Rate that one thread can send without becoming the bottleneck, with a safety margin. */
const PER_WORKER: PerSecond = 20_000;

/**
 * Threads for `settings`: the configured number; for `auto`, as many as the highest rate needs, limited by the cores that are left beside
 * fleet and balancer. Never more than what is split over them: connections, calls in flight, and agents when these are `resident`.
 */
export function workersFor({ load, endpoint }: Settings, resident: boolean): number {
  // The results that calls of a replay need are in the thread that made the calls before.
  if (load.shape.kind === 'replay') return 1;
  const most = mostWorkers(load, resident);
  if (load.workers !== 'auto') return Math.min(load.workers, most);
  // Instances that are already running may be on another machine; only the balancer takes a core here.
  const taken = endpoint.kind === 'fleet' ? endpoint.instances + 1 : 1;
  const left = Math.max(1, availableParallelism() - taken);
  return Math.max(1, Math.min(left, most, Math.ceil(peakRate(load.shape) / PER_WORKER)));
}

function mostWorkers(load: LoadSettings, resident: boolean): number {
  const { connections, maxInFlight, agents, shape } = load;
  const calls = shape.kind === 'closed' ? Math.min(maxInFlight, shape.concurrency) : maxInFlight;
  const most = Math.min(connections, calls);
  if (!resident) return most;
  // An open loop takes the calls as they come; the workers of a closed loop make equally many.
  return Math.min(most, shape.kind === 'closed' ? mostEvenWorkers(agents, load.skew ?? 0) : agents);
}

/** The highest rate of a shape; unknown for a closed loop, which therefore uses every remaining thread, and for a replay. */
function peakRate(shape: Shape): PerSecond {
  switch (shape.kind) {
    case 'rate':
      return shape.perSecond;
    case 'stages':
      return Math.max(...shape.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]));
    case 'closed':
    case 'replay':
      return Number.POSITIVE_INFINITY;
  }
}
