/** @module How late a busy thread reads answers: an answer that is there waits until the event loop looks for it and comes to it. */
import { performance } from 'node:perf_hooks';
import { clampTime, decodeHistogram, percentileOf, Tally } from '../../recording/histogram.ts';
import { spunUs } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';

/** Percentiles of the estimated read lag. */
export interface ReadLag {
  readonly p50Us: Micros;
  readonly p90Us: Micros;
  readonly p95Us: Micros;
  readonly p99Us: Micros;
}

/** The event loop of a thread. */
export interface EventLoop {
  /** Time for which it has been free so far: it waited for events, or span because nothing was due. */
  freeUs(): Micros;
  now(): Micros;
  /** Calls `then` at the end of the present turn. */
  atTurnsEnd(then: () => void): void;
}

/** The event loop of this thread; `now` is the engine's clock. */
export const threadLoop = (now: () => Micros): EventLoop => ({
  freeUs: () => performance.eventLoopUtilization().idle * 1000 + spunUs(),
  now,
  atTurnsEnd: (then) => void setImmediate(then),
});

/** A loop that was free for longer than this between two turns has looked for answers in between. One empty turn takes less. */
const LOOKED: Micros = 5;

/**
 * Estimates the read lag from the turns of the event loop, because the moment at which an answer becomes readable cannot be seen.
 *
 * - Answers that one turn reads one after the other: each waited at least for those before it.
 * - When the loop was busy from one such turn to the next, the answers came at some time since the turn before began: on average
 *   half of that time ago.
 * - When the loop was free in between, the first answer was read at once, unless other work took most of that time: then it came
 *   during that work, on average half of it ago.
 *
 * It takes a note per call, and a callback and four readings of clocks per turn that reads answers.
 */
export class ReadLagWatch {
  readonly #loop: EventLoop;
  readonly #fromUs: Micros;
  /**
   * Those of answers before `fromUs`, which are never read, and those that count. They are selected by a look-up and not by a branch: code that counts only
   * from `fromUs` on would run for the first time then, and be compiled in the measured time.
   */
  readonly #lags: readonly [rehearsal: Tally, counted: Tally] = [new Tally(), new Tally()];
  #inTurn = false;
  /** When the first answer of the latest turn was read, and how long it had waited by then. */
  #beganUs: Micros;
  #waitedUs: Micros = 0;
  /** The end of that turn, and how long the loop had been free by then. */
  #endedUs: Micros;
  #freeUs: Micros;
  readonly #onTurnsEnd = (): void => {
    this.#inTurn = false;
    this.#endedUs = this.#loop.now();
    this.#freeUs = this.#loop.freeUs();
  };

  /** Counts answers read from `fromUs` on. */
  constructor(loop: EventLoop, fromUs: Micros) {
    this.#loop = loop;
    this.#fromUs = fromUs;
    this.#endedUs = loop.now();
    this.#beganUs = this.#endedUs;
    this.#freeUs = loop.freeUs();
  }

  /** An answer was read at `doneUs`, to a request that was sent at `sentUs`: it cannot have come earlier. */
  answered(sentUs: Micros, doneUs: Micros): void {
    if (!this.#inTurn) this.#begin();
    this.#lags[Number(doneUs >= this.#fromUs)]!.record(
      clampTime(Math.min(doneUs - this.#beganUs + this.#waitedUs, doneUs - sentUs)),
    );
  }

  lag(): ReadLag {
    const histogram = decodeHistogram(this.#lags[1].series().histogram);
    const at = (percentile: number): Micros => percentileOf(histogram, percentile);
    return { p50Us: at(50), p90Us: at(90), p95Us: at(95), p99Us: at(99) };
  }

  #begin(): void {
    const nowUs = this.#loop.now();
    const freeUs = this.#loop.freeUs() - this.#freeUs;
    const busyUs = nowUs - this.#endedUs - freeUs;
    this.#waitedUs = freeUs < LOOKED ? (nowUs - this.#beganUs) / 2 : busyUs > freeUs ? busyUs / 2 : 0;
    this.#beganUs = nowUs;
    this.#inTurn = true;
    this.#loop.atTurnsEnd(this.#onTurnsEnd);
  }
}
