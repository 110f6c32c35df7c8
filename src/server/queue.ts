/** @module The queue of a finite server: a fixed number of requests is worked on at once, the others wait in order of arrival. */
import { Fifo } from '../units/fifo.ts';

/** The caller that waits for the answer: a socket, or a response of Node's HTTP server. `destroyed` once its connection has closed. */
export interface Caller {
  readonly destroyed: boolean;
}

interface Entry {
  readonly caller: Caller;
  /** Called once, when the request's turn comes: with a slot, or without one because the caller has disconnected. */
  readonly onTurn: (slot: boolean) => void;
}

/**
 * A first-come, first-served queue with a number of slots. Reads no clock: the holder of a slot releases it. A caller
 * that disconnects while it waits leaves the queue; once it has a slot, its request is processed to the end.
 */
export class Queue {
  #free: number;
  readonly #waiting = new Fifo<Entry>();
  #admitting = false;

  /** A queue before `slots` slots, at least 1. */
  constructor(slots: number) {
    this.#free = slots;
  }

  /**
   * Calls `onTurn(true)` when a slot is free, at once or later; the slot is held until `release`. Calls `onTurn(false)`
   * instead when the caller has disconnected. `onTurn` must not throw.
   */
  enter(caller: Caller, onTurn: (slot: boolean) => void): void {
    this.#waiting.push({ caller, onTurn });
    this.#admit();
  }

  /** Gives back a slot that `onTurn(true)` gave. */
  release(): void {
    this.#free += 1;
    this.#admit();
  }

  /**
   * Runs `work` in a slot and gives the slot back when `work` has ended, however it ends. Resolves with what `work` gives, or with
   * `undefined` when the caller disconnected before its turn; rejects with what `work` throws.
   */
  run<T>(caller: Caller, work: () => T | Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.enter(caller, (slot) => {
        if (!slot) {
          resolve(undefined);
          return;
        }
        // The executor runs at once, and turns what `work` throws into a rejection.
        const ended = new Promise<T>((settle) => settle(work()));
        const release = (): void => this.release();
        ended.then(release, release);
        ended.then(resolve, reject);
      });
    });
  }

  #admit(): void {
    // Entered or released from within `onTurn`: the loop below, further up the stack, goes on with it.
    if (this.#admitting) return;
    this.#admitting = true;
    while (this.#free > 0 && this.#waiting.size > 0) {
      const { caller, onTurn } = this.#waiting.shift()!;
      const slot = !caller.destroyed;
      if (slot) this.#free -= 1;
      onTurn(slot);
    }
    this.#admitting = false;
  }
}
