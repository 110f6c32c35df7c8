/** @module The delay that the event `slow` injects into every answer of an instance during the run. */

import { precisePause } from '../units/pause.ts';
import type { Micros } from '../units/time.ts';

/** A delay that every answer waits for; none at first. */
export interface InjectedDelay {
  /** Sets the delay from the parent's `{ slowUs }`; rejects any other message. */
  ask(message: unknown): Promise<unknown>;
  /** Resolves after the delay in force; `undefined` when there is none. */
  wait(): Promise<void> | undefined;
}

/** No delay, until the parent sets one. */
export function createInjectedDelay(): InjectedDelay {
  let us: Micros = 0;
  return {
    async ask(message) {
      const { slowUs } = message as { readonly slowUs?: unknown };
      if (typeof slowUs !== 'number') throw new Error('unknown message: expected { slowUs }');
      us = slowUs;
      return us;
    },
    wait() {
      return us === 0 ? undefined : precisePause(us);
    },
  };
}
