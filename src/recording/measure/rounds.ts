/** @module Rounds of calls that servers ask back: how many there were, where the retries landed, and what became of them. */
import type { Outcome } from '../../protocol/outcome.ts';
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Measure, MeasureTally } from './measure.ts';

const SUMS = [
  /** Measured calls that were asked back at least once and have ended, and how often in all. */
  'asked',
  'rounds',
  /** Of these rounds, those in which the server asked for nothing, and only handed the call on. */
  'handOffs',
  /** Calls that were still asked back after the most rounds, and those that were asked for what agents do not answer. */
  'capped',
  'unanswered',
  /** Retries that have ended, whatever call they belong to. */
  'retries',
  /** Of these, those whose instance and the one that had asked are known: the same one, or another one. */
  'same',
  'elsewhere',
  /** Of those, the ones that failed, and of all: those whose state the server refused. */
  'sameFailed',
  'elsewhereFailed',
  'sameRefused',
  'elsewhereRefused',
  'refused',
  /** Retries that carried a state, and its bytes in all. */
  'states',
  'stateBytes',
  /** Whole microseconds, of the sum. */
  'thinkUs',
] as const;

export type RoundCounts = Readonly<Record<(typeof SUMS)[number], number>> & {
  /** Rounds of the call that had most. */
  readonly mostRounds: number;
  readonly mostStateBytes: number;
  /** From the sending of a retry to its answer. */
  readonly time: Series;
};

/** A retry that has ended. */
export interface EndedRetry {
  /** The instance that had asked; undefined when it did not name itself. */
  readonly askedBy: string | undefined;
  readonly servedBy: string | undefined;
  readonly outcome: Outcome;
  /** Whether the server refused the state that it carried. */
  readonly refused: boolean;
  readonly timeUs: Micros;
  /** Bytes of the state on the wire; undefined when it carried none. */
  readonly stateBytes: number | undefined;
}

/** How a call that was asked back ended. */
export type RoundsEnd = 'answered' | 'capped' | 'unanswered';

/** Outcomes of a retry that has not failed: the server has answered, or goes on with the call in another way. */
const NOT_FAILED: ReadonlySet<Outcome> = new Set(['ok', 'input-required', 'task']);

/** The rounds of one worker while they are counted; its agents write to it. */
export class RoundTally implements MeasureTally<RoundCounts> {
  readonly #sums = Object.fromEntries(SUMS.map((key) => [key, 0])) as Record<(typeof SUMS)[number], number>;
  readonly #time = new Tally();
  #mostRounds = 0;
  #mostStateBytes = 0;

  /** An agent thought for `us` before it answered. */
  thought(us: Micros): void {
    this.#sums.thinkUs += us;
  }

  retried({ askedBy, servedBy, outcome, refused, timeUs, stateBytes }: EndedRetry): void {
    const sums = this.#sums;
    sums.retries += 1;
    if (refused) sums.refused += 1;
    this.#time.record(clampTime(timeUs));
    if (stateBytes !== undefined) {
      sums.states += 1;
      sums.stateBytes += stateBytes;
      this.#mostStateBytes = Math.max(this.#mostStateBytes, stateBytes);
    }
    if (askedBy === undefined || servedBy === undefined) return;
    const where = askedBy === servedBy ? 'same' : 'elsewhere';
    sums[where] += 1;
    if (!NOT_FAILED.has(outcome)) sums[`${where}Failed`] += 1;
    if (refused) sums[`${where}Refused`] += 1;
  }

  /** A call has ended that was asked back `rounds` times, `handOffs` of them without being asked for anything. */
  ended(rounds: number, handOffs: number, how: RoundsEnd): void {
    const sums = this.#sums;
    sums.asked += 1;
    sums.rounds += rounds;
    sums.handOffs += handOffs;
    this.#mostRounds = Math.max(this.#mostRounds, rounds);
    if (how !== 'answered') sums[how] += 1;
  }

  counts(): RoundCounts {
    return {
      ...this.#sums,
      thinkUs: Math.round(this.#sums.thinkUs),
      mostRounds: this.#mostRounds,
      mostStateBytes: this.#mostStateBytes,
      time: this.#time.series(),
    };
  }
}

/** Counts only where agents answer what servers ask for. */
export const rounds: Measure<RoundCounts, RoundTally> = {
  name: 'rounds',
  start: ({ answers }) => (answers === undefined ? undefined : new RoundTally()),
  merge: (list) => ({
    ...addCounts(SUMS, list),
    mostRounds: Math.max(...list.map(({ mostRounds }) => mostRounds)),
    mostStateBytes: Math.max(...list.map(({ mostStateBytes }) => mostStateBytes)),
    time: mergeSeries(list.map(({ time }) => time)),
  }),
};
