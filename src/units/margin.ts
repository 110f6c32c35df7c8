/** @module How much of a wait is slept, and how much of it is spun because sleeps end late. */
import type { Micros } from './time.ts';

/** The time that a thread spins after a sleep, so that it is punctual although the sleep may have ended late. */
export interface Margin {
  readonly us: Micros;
  /** A sleep ended `lateUs` after the time that it was set for. */
  woke(lateUs: Micros): void;
}

/** How a thread can sleep. */
export interface Sleeps {
  /** Sleeps are multiples of this. */
  readonly stepUs: Micros;
  /** Waits in which there would be less to sleep are spun. */
  readonly shortestUs: Micros;
  /** How long before a due time its sleeps are set to end. */
  readonly margin: Margin;
}

/** How long to sleep when the due time is `leftUs` away; 0: not at all. */
export function sleepWithin(leftUs: Micros, { stepUs, shortestUs, margin }: Sleeps): Micros {
  const sleepUs = stepUs * Math.floor((leftUs - margin.us) / stepUs);
  return sleepUs < shortestUs ? 0 : sleepUs;
}

/** A margin that stays as it is. */
export function fixedMargin(us: Micros): Margin {
  return { us, woke: () => undefined };
}

/** Sleeps that are remembered. */
const REMEMBERED = 100;
/** Before so many have ended, their lateness is taken to be unknown. */
const FEW = 10;
/** Above the lateness: what the first turn of the event loop after a sleep takes. */
const ALLOWANCE: Micros = 20;

/**
 * A margin that is learned: the second-highest lateness of the latest hundred sleeps, so that about one sleep in fifty ends too late.
 * The highest would keep a thread spinning for a hundred sleeps because of one at which it had no core. It is never more than `longestUs`,
 * where it begins: to be punctual on a machine that is short of cores, a thread would have to spin all the time, and take the cores.
 */
export class LearnedMargin implements Margin {
  us: Micros;
  readonly #longestUs: Micros;
  readonly #late = new Float64Array(REMEMBERED);
  #count = 0;

  constructor(longestUs: Micros) {
    this.us = longestUs;
    this.#longestUs = longestUs;
  }

  woke(lateUs: Micros): void {
    this.#late[this.#count % REMEMBERED] = Math.max(0, lateUs);
    this.#count += 1;
    if (this.#count >= FEW) this.us = Math.min(this.#longestUs, this.#secondHighest() + ALLOWANCE);
  }

  #secondHighest(): Micros {
    let [highest, second] = [0, 0];
    for (const lateUs of this.#late) {
      if (lateUs > highest) {
        second = highest;
        highest = lateUs;
      } else if (lateUs > second) second = lateUs;
    }
    return second;
  }
}
