/** @module Reads the meters of a testbed when the measured time begins and when it ends. */
import { type Cancel, type Clock, within } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import type { Meter } from './part.ts';

/** What each meter counted within the measured time, by the name of its measure. */
export type Metered = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** How long a meter may take. */
const WAIT: Micros = 2e6;

type Reading = Readonly<Record<string, number>> | undefined;

/** Reads `meters` on `clock`. A meter that cannot be read at both times is left out. */
export class Metering {
  readonly #meters: readonly Meter[];
  readonly #clock: Clock;
  #first: Promise<readonly Reading[]> | undefined;
  #last: Promise<readonly Reading[]> | undefined;
  readonly #timers: Cancel[] = [];

  constructor(meters: readonly Meter[], clock: Clock) {
    this.#meters = meters;
    this.#clock = clock;
  }

  /** Schedules the readings: the measured time is from `startUs` to `endUs` on the clock. */
  start(startUs: Micros, endUs: Micros): void {
    this.#timers.push(
      this.#clock.at(startUs, () => {
        this.#first = this.#read();
      }),
      this.#clock.at(endUs, () => {
        this.#last = this.#read();
      }),
    );
  }

  /** The counts. When the load was cut short, up to now. */
  async end(): Promise<Metered> {
    for (const cancel of this.#timers) cancel();
    if (this.#first === undefined) return {};
    this.#last ??= this.#read();
    const [first, last] = await Promise.all([this.#first, this.#last]);
    return Object.fromEntries(
      this.#meters.flatMap(({ measure }, index) => {
        const difference = subtract(last[index], first[index]);
        return difference === undefined ? [] : [[measure, difference] as const];
      }),
    );
  }

  #read(): Promise<readonly Reading[]> {
    // A process that has ended in the meantime answers nothing, and its end is reported elsewhere; one that stands still does not either.
    return Promise.all(
      this.#meters.map((meter) =>
        within(
          WAIT,
          meter.read().catch(() => undefined),
        ),
      ),
    );
  }
}

function subtract(last: Reading, first: Reading): Reading {
  if (last === undefined || first === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(last).map(([name, value]) => [name, Math.max(0, value - (first[name] ?? 0))]),
  );
}
