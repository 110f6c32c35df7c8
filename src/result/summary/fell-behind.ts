/** @module Whether a target did not keep up with the rate. */
import { SECOND } from '../../units/time.ts';
import type { Summary, VariantResult } from '../document.ts';

/** Below this share of what was due per second, with hardly a failure to explain it, the target fell behind. */
const KEPT_UP = 0.95;
const FEW_FAILURES = 0.05;
/** Calls under way are reckoned wider than they are: the median says nothing of a long tail. */
const WIDER = 1.5;
/** So many calls, once a repetition, are chance. */
const ALLOWANCE = 3;

type Measured = Pick<VariantResult, 'repetitions' | 'settings'>;

/** Whether more is unanswered at the end than is under way at any time: that is what a queue that grows leaves. */
export function fellBehind(variant: Measured, { rate, calls, windows }: Summary): boolean {
  const { repetitions } = variant;
  // Where the generator was late, the target is not to blame.
  if (calls.due === 0 || repetitions.some(({ generator }) => generator.bound)) return false;
  if (calls.errorRate >= FEW_FAILURES || rate.achievedPerSecond >= KEPT_UP * rate.offeredPerSecond)
    return false;
  const seconds = calls.due / rate.offeredPerSecond;
  const unanswered = calls.due - rate.achievedPerSecond * seconds;
  const allowed = (1 - KEPT_UP) * calls.due + ALLOWANCE * repetitions.length;
  return unanswered > underWay(variant, { rate, windows }) + allowed;
}

/**
 * How many more calls may be under way at the end than at the start though the target keeps up: rate x response time (Little's
 * law), less those that the warm-up put under way. The shortest median of a second is the one that a queue has lengthened least.
 */
function underWay(
  { repetitions, settings }: Measured,
  { rate, windows }: Pick<Summary, 'rate' | 'windows'>,
): number {
  const medians = windows.flatMap(({ p50Us }) => (p50Us > 0 ? [p50Us] : []));
  if (medians.length === 0) return 0;
  // Windows add up over repetitions; a ramp has more under way at its end than its mean rate suggests.
  const perSecond = Math.max(rate.offeredPerSecond * repetitions.length, ...windows.map(({ sent }) => sent));
  const { warmupUs = 0 } = settings;
  return (WIDER * perSecond * Math.max(0, Math.min(...medians) - warmupUs)) / SECOND;
}
