/** @module The number of standby instances that the faults of a load need. */
import type { PlannedFault } from '../../profile/settings.ts';
import { EVENT_KINDS } from './kinds.ts';

/**
 * The maximum number of instances that join a fleet of initially `size`. `faults` are in the order in which they begin; a restart also
 * replaces the instances that joined before it. No instance is assumed to have left, because a fault may fail.
 */
export function standbyCount(faults: readonly PlannedFault[], size: number): number {
  let serving = size;
  let count = 0;
  for (const fault of faults) {
    const kind = EVENT_KINDS[fault.kind];
    const names = Array.from({ length: serving }, (_, index) => String(index + 1));
    const steps = kind.plan(fault, { names, choose: () => [] });
    const joins = steps.reduce((sum, step) => sum + step.joins, 0);
    count += joins;
    if (kind.serving === 'join') serving += joins;
  }
  return count;
}
