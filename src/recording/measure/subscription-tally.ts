/** @module The streams of the agents of one worker while they are counted. */
import type { SubscriptionCounts } from './cache-counts.ts';

/** Told by the streams of all agents what happens to them. */
export class SubscriptionTally {
  #open = 0;
  #held = 0;
  #refused = 0;
  #reduced = 0;
  #lost = 0;
  #reopened = 0;
  #notifications = 0;
  #misaddressed = 0;

  /** A stream is held, and was held before (`again`) or not. */
  opened(again: boolean): void {
    this.#open += 1;
    this.#held = Math.max(this.#held, this.#open);
    if (again) this.#reopened += 1;
  }

  /** The server has acknowledged a stream without a part of the filter. */
  reduced(): void {
    this.#reduced += 1;
  }

  /** The server has answered the request for a stream with something else. */
  refused(): void {
    this.#refused += 1;
  }

  /** A stream that was held has ended without its agent. */
  lost(): void {
    this.#open -= 1;
    this.#lost += 1;
  }

  /** The agent has closed a stream that was held. */
  closed(): void {
    this.#open -= 1;
  }

  notification(): void {
    this.#notifications += 1;
  }

  misaddressed(): void {
    this.#misaddressed += 1;
  }

  counts(): SubscriptionCounts {
    return {
      held: this.#held,
      refused: this.#refused,
      reduced: this.#reduced,
      lost: this.#lost,
      reopened: this.#reopened,
      notifications: this.#notifications,
      misaddressed: this.#misaddressed,
    };
  }
}
