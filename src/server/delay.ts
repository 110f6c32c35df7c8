/** @module How an instance is told to be slow, in the middle of a run. */
import { after } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/** A delay that every answer waits for; none at first. */
export interface Delay {
  /** Answers the parent's `{ slowUs }`; rejects anything else. */
  ask(message: unknown): Promise<unknown>;
  /** Resolves after the delay in force; `undefined` when there is none. */
  wait(): Promise<void> | undefined;
}

export function createDelay(): Delay {
  let us: Micros = 0;
  return {
    async ask(message) {
      const { slowUs } = message as { readonly slowUs?: unknown };
      if (typeof slowUs !== 'number') throw new Error('knows no such question');
      us = slowUs;
      return us;
    },
    wait() {
      if (us === 0) return undefined;
      return new Promise((resolve) => {
        after(us, resolve);
      });
    },
  };
}
