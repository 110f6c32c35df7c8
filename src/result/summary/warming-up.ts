/** @module Whether a target was still warming up in the measured time: code being compiled, caches and pools being filled. */
import type { Micros } from '../../units/time.ts';
import type { Summary } from '../document.ts';
import type { WarmingUpNote } from '../note.ts';

/** Fewer whole seconds have no first, middle and last third to compare. */
const FEWEST_SECONDS = 5;
/** A median of fewer calls is chance. */
const FEWEST_CALLS = 20;
/** The first second is longer than each of the last third by this factor ... */
const FIRST_OVER_LAST = 1.5;
/** ... and the first third as a whole by this one, so that a single slow second is no warm-up. */
const THIRD_OVER_LAST = 1.2;
const SECOND_MS = 1000;

/**
 * The note on a target that became faster and stayed so: the medians by second fall from the first third of the time over the middle
 * one to the last. Undefined of one that did not, or that is too short or has too few calls to tell. Only for a load whose rate does
 * not change, and without faults. A target that becomes slower has a queue that grows, which is another matter.
 */
export function warmingUp(windows: Summary['windows'], warmupUs: Micros): WarmingUpNote | undefined {
  const whole = windows.filter(({ lengthMs = SECOND_MS }) => lengthMs === SECOND_MS);
  if (whole.length < FEWEST_SECONDS || whole.some(({ ok, errors }) => ok + errors < FEWEST_CALLS))
    return undefined;
  const medians = whole.map(({ p50Us }) => p50Us);
  const third = Math.floor(medians.length / 3);
  const [first, last] = [medians.slice(0, third), medians.slice(-third)];
  const middle = middleOf(medians.slice(third, -third));
  const longestLast = Math.max(...last);
  const falls =
    medians[0]! >= FIRST_OVER_LAST * longestLast &&
    middleOf(first) >= THIRD_OVER_LAST * longestLast &&
    middleOf(first) >= middle &&
    middle >= middleOf(last);
  if (!falls) return undefined;
  return { kind: 'warming-up', part: 'load', firstUs: medians[0]!, lastUs: middleOf(last), warmupUs };
}

/** The upper one of an even number. */
function middleOf(values: readonly Micros[]): Micros {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
