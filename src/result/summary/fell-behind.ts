/** @module Whether a target did not keep up with the rate. */
import { answered, OUTCOMES } from '../../protocol/outcome.ts';
import { SECOND } from '../../units/time.ts';
import type { Summary, VariantResult } from '../document.ts';
import type { Window } from '../over-time.ts';
import { loopOf } from '../settings.ts';

/** So large a share of the due calls may be unanswered at the end, beyond those that are under way at any time. */
const TOLERATED = 0.05;
/** Calls under way, and calls that time out whatever the load, are reckoned wider than they are. */
const WIDER = 1.5;
/** So many calls, once a repetition, are chance. */
const ALLOWANCE = 3;
/** Seconds are taken together until so many calls fell due in them, since a share of fewer is chance, or a fifth of all. */
const CALLS_PER_BLOCK = 100;
const LEAST_BLOCKS = 5;
/** From block to block longer mean response times are those of a queue if the last is so many times the first: less is chance. */
const GROWN = 1.5;
/** A target with as large a share of time-outs all the time does not answer any more, rather than lose some calls. */
const NO_ANSWERS = 0.5;

type Measured = Pick<VariantResult, 'repetitions' | 'settings'>;
type DueCounts = NonNullable<Window['byDue']>;

/**
 * Whether more is unanswered at the end than is under way at any time: that is what a queue that grows leaves. Calls that timed out, or
 * were dropped because as many as allowed were under way, are unanswered, too. A closed loop has no rate to fall behind; results of earlier versions do not have the counts.
 */
export function fellBehind({ repetitions, settings }: Measured, { rate, calls, windows }: Summary): boolean {
  // Where the generator was late, the target is not to blame.
  if (calls.due === 0 || repetitions.some(({ generator }) => generator.bound)) return false;
  if (loopOf(settings) === 'closed') return false;
  const blocks = blocksOf(windows.flatMap(({ byDue }) => byDue ?? []));
  if (blocks.length === 0) return false;
  // A step that falls due after the measured time cannot be answered within it.
  const due = rate.dueInTime ?? calls.due;
  if (due === 0) return false;
  const seconds = due / rate.offeredPerSecond;
  // Calls that found no connection got their answer: no.
  const failed = OUTCOMES.filter((one) => !answered(one) && one !== 'timeout' && one !== 'aborted');
  const rejected = failed.reduce((sum, outcome) => sum + (calls.outcomes[outcome] ?? 0), 0);
  const open = due - rejected - rate.achievedPerSecond * seconds;
  // Windows add up over repetitions; a ramp has more under way at its end than its mean rate suggests.
  const perSecond = Math.max(rate.offeredPerSecond * repetitions.length, ...windows.map(({ sent }) => sent));
  const expected = WIDER * (perSecond * secondsUnderWay(blocks) + due * shareLost(blocks));
  return open > expected + TOLERATED * due + ALLOWANCE * repetitions.length;
}

/** Consecutive seconds with enough calls; what is left over at the end belongs to the last. */
function blocksOf(seconds: readonly DueCounts[]): readonly DueCounts[] {
  const blocks: DueCounts[] = [];
  const due = seconds.reduce((sum, second) => sum + second.due, 0);
  const size = Math.min(CALLS_PER_BLOCK, due / LEAST_BLOCKS);
  for (const second of seconds) {
    const last = blocks.at(-1);
    if (last === undefined || last.due >= size) blocks.push({ ...second });
    else blocks[blocks.length - 1] = plus(last, second);
  }
  const [short] = blocks.length > 1 && blocks.at(-1)!.due < size ? blocks.splice(-1) : [];
  if (short !== undefined) blocks[blocks.length - 1] = plus(blocks.at(-1)!, short);
  return blocks;
}

const plus = (a: DueCounts, b: DueCounts): DueCounts => ({
  due: a.due + b.due,
  answered: a.answered + b.answered,
  timedOut: a.timedOut + b.timedOut,
  beyondWarmupUs: a.beyondWarmupUs + b.beyondWarmupUs,
});

/**
 * How long a call is under way on average, beyond the time for which the warm-up had put calls under way already: rate x this is how
 * many more calls are under way at the end than at the start though the target keeps up (Little's law). The mean, since a share of
 * slow calls that are worked on in parallel is under way and not queued; of the block that a queue has lengthened least. Where it
 * lengthened each block beyond the one before, it lengthened the first one, too: by half of what it added from that one to the next.
 */
function secondsUnderWay(blocks: readonly DueCounts[]): number {
  const means = blocks.flatMap(({ answered: count, beyondWarmupUs }) =>
    count > 0 ? [beyondWarmupUs / count] : [],
  );
  if (means.length === 0) return 0;
  const [first, second] = means as [number, number?];
  const grows = means.every((mean, block) => block === 0 || mean > means[block - 1]!);
  if (second === undefined || !grows || means.at(-1)! < GROWN * first) return Math.min(...means) / SECOND;
  return Math.max(0, first - (second - first) / 2) / SECOND;
}

/** The share of the calls that times out whatever the load: that of the block with the fewest. */
function shareLost(blocks: readonly DueCounts[]): number {
  const least = Math.min(...blocks.map(({ due, timedOut }) => (due === 0 ? 1 : timedOut / due)));
  return least < NO_ANSWERS ? least : 0;
}
