/** @module Tasks: what became of them, the polls that it took to learn it, and how late agents did. */
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Measure, MeasureTally } from './measure.ts';

/** How the following of a task ended: by its status, or without one. */
const KNOWN_ENDS = ['completed', 'toolErrors', 'failed', 'cancelled'] as const;
const ENDS = [...KNOWN_ENDS, 'lost', 'orphaned', 'unfinished'] as const;
export type FollowedEnd = (typeof ENDS)[number];

const isKnown = (end: FollowedEnd): boolean => KNOWN_ENDS.some((each) => each === end);

const COUNTS = [
  'created',
  'immediate',
  ...ENDS,
  'polls',
  'wasted',
  'pollsUnknown',
  'pollsFailed',
  'updates',
  'cancels',
  'notifications',
  'undated',
] as const;

/** Tasks of measured calls. */
export interface TaskCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** From the sending of a call to the answer that is a task. */
  readonly create: Series;
  /** From the sending of a call to the moment in which its agent knows how the task ended. */
  readonly whole: Series;
  /** From the end of a task to the moment in which its agent knows of it; only where the server's clock is ours. */
  readonly detection: Series;
}

type Running = Record<(typeof COUNTS)[number], number>;

/** The tasks of one worker while they are counted; its agents write to it. */
export class TaskTally implements MeasureTally<TaskCounts> {
  readonly #counts: Running = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Running;
  readonly #create = new Tally();
  readonly #whole = new Tally();
  readonly #detection = new Tally();

  /** A call has become a task. */
  created(us: Micros, measured: boolean): void {
    if (!measured) return;
    this.#counts.created += 1;
    this.#create.record(clampTime(us));
  }

  /** A call was answered without a task. */
  immediate(measured: boolean): void {
    this.#count('immediate', measured);
  }

  /** A poll has found its task. `wasted`: as it was before, though the poll was there to see it change. */
  poll(wasted: boolean, measured: boolean): void {
    this.#count('polls', measured);
    if (wasted) this.#count('wasted', measured);
  }

  /** A poll was answered with something else. `unknown`: that there is no such task. */
  pollFailed(unknown: boolean, measured: boolean): void {
    this.#count(unknown ? 'pollsUnknown' : 'pollsFailed', measured);
  }

  update(measured: boolean): void {
    this.#count('updates', measured);
  }

  cancel(measured: boolean): void {
    this.#count('cancels', measured);
  }

  notification(measured: boolean): void {
    this.#count('notifications', measured);
  }

  /** A terminal status was seen, `us` after it was reached; undefined: that is not known. */
  detected(us: Micros | undefined, measured: boolean): void {
    if (us === undefined) this.#count('undated', measured);
    else if (measured) this.#detection.record(clampTime(us));
  }

  /** A task is followed no longer, `wholeUs` after its call. */
  ended(end: FollowedEnd, wholeUs: Micros, measured: boolean): void {
    this.#count(end, measured);
    if (measured && isKnown(end)) this.#whole.record(clampTime(wholeUs));
  }

  counts(): TaskCounts {
    return {
      ...this.#counts,
      create: this.#create.series(),
      whole: this.#whole.series(),
      detection: this.#detection.series(),
    };
  }

  #count(name: (typeof COUNTS)[number], measured: boolean): void {
    if (measured) this.#counts[name] += 1;
  }
}

export const tasks: Measure<TaskCounts, TaskTally> = {
  name: 'tasks',
  start: ({ tasks: settings }) => (settings === undefined ? undefined : new TaskTally()),
  merge: (list) => ({
    ...addCounts(COUNTS, list),
    create: mergeSeries(list.map(({ create }) => create)),
    whole: mergeSeries(list.map(({ whole }) => whole)),
    detection: mergeSeries(list.map(({ detection }) => detection)),
  }),
};
