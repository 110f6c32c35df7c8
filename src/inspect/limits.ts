/** @module What an inspection may cost: requests and time. It is asked before each request, and ends connections when the time is over. */
import { after, type Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/** Ends what works within the limits. */
type Stop = () => void;

export class Limits {
  readonly #clock: Clock;
  readonly #untilUs: Micros;
  readonly #requests: number;
  readonly #stops = new Set<Stop>();
  readonly #cancel: () => void;
  #made = 0;
  #refused = false;

  constructor(clock: Clock, { timeUs, requests }: { readonly timeUs: Micros; readonly requests: number }) {
    this.#clock = clock;
    this.#untilUs = clock.now() + timeUs;
    this.#requests = requests;
    this.#cancel = after(timeUs, () => {
      for (const stop of this.#stops) stop();
    });
  }

  /** Requests so far. */
  get made(): number {
    return this.#made;
  }

  /** Whether a request was not made because of the limits. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Whether the limits are reached. */
  get reached(): boolean {
    return this.#made >= this.#requests || this.#clock.now() >= this.#untilUs;
  }

  /** Counts a request, unless the limits are reached. Returns whether it may be made. */
  take(): boolean {
    if (this.reached) {
      this.#refused = true;
      return false;
    }
    this.#made += 1;
    return true;
  }

  /** Calls `stop` when the time is over. */
  onEnd(stop: Stop): void {
    this.#stops.add(stop);
  }

  /** Releases the timer. */
  end(): void {
    this.#cancel();
  }
}
