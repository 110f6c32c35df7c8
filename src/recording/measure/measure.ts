/** @module What a measure is: one quantity that is counted while the load runs, beyond what a recording keeps of every call. */
import type { Era, FlowSettings } from '../../profile/settings.ts';
import type { Sample } from '../sample.ts';
import type { JudgedLoad } from './auth-load.ts';
import type { CachedLoad } from './cache-load.ts';

/** What a measure may know of the load that it is started for. */
export interface MeasuredLoad {
  readonly era: Era;
  /** Set when the server is not built into Paceline. */
  readonly foreign?: object | undefined;
  /** The mix of calls; absent where no measure tells calls apart. */
  readonly calls?: readonly { readonly name: string; readonly method?: string }[];
  /** Set when its mix has flows. */
  readonly flows?: readonly FlowSettings[] | undefined;
  /** Set when it is a replay. */
  readonly replay?: object | undefined;
  /** Whether its server keeps state behind handles, and says what that takes. */
  readonly keepsState?: boolean | undefined;
  /** Set when its agents take tasks. */
  readonly tasks?: object | undefined;
  /** Set when its agents have credentials. */
  readonly auth?: JudgedLoad | undefined;
  /** Set when its agents answer servers that ask for input. */
  readonly answers?: object | undefined;
  /** Set when its mix has calls whose results can be kept. */
  readonly cache?: CachedLoad | undefined;
  /** Decides the trace contexts of its calls; absent where nothing was sent. */
  readonly seed?: number;
  /** Number of the worker, from 0; absent: there is one. */
  readonly worker?: number;
}

/** A running count of one worker. */
export interface MeasureTally<Counts = unknown> {
  /**
   * Takes in a measured call that has ended. Runs once a call, between calls: it must neither wait nor allocate. A tally that
   * is fed elsewhere (by a layer of the agents) has none, and costs a call nothing.
   */
  add?(sample: Sample): void;
  /** The counts so far: plain values that survive `structuredClone` and JSON. */
  counts(): Counts;
}

/**
 * One measured quantity: how it is counted in a worker, and how the counts of workers and repetitions become one. What is said
 * of the counts is the quantity's part of `result/measure`. A new measure is one file and one line in `measures.ts`.
 *
 * @example
 * const retries: Measure<{ readonly retried: number }> = {
 *   name: 'retries',
 *   start: () => new RetryTally(),
 *   merge: (list) => addCounts(['retried'], list),
 * };
 */
export interface Measure<Counts = unknown, Running extends MeasureTally<Counts> = MeasureTally<Counts>> {
  /** The key of its counts in a recording. */
  readonly name: string;
  /** A fresh tally for one worker; undefined when the quantity does not apply to `load`. */
  start(load: MeasuredLoad): Running | undefined;
  /** Counts of workers or of repetitions as one; at least one. */
  merge(list: readonly Counts[]): Counts;
  /** The same of repetitions, where these do not merge as workers do, such as the most at one time. Absent: as {@link merge}. */
  mergeRepetitions?(list: readonly Counts[]): Counts;
}
