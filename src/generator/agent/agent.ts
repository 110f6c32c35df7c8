/** @module An agent: a simulated MCP caller, made of layers around a driver. */
import type { Arrival } from '../schedule/schedule.ts';
import type { CallEnd, Caller } from './caller.ts';
import type { Calls } from './calls.ts';

/** Makes calls. All agents share a driver and the mix of calls. */
export class Agent {
  readonly #caller: Caller;
  readonly #calls: Calls;

  /** @param caller - the topmost layer. */
  constructor(caller: Caller, calls: Calls) {
    this.#caller = caller;
    this.#calls = calls;
  }

  /** Performs the steps of a client before its first call. Resolves even if they fail: failures are counted. */
  open(): Promise<void> {
    return this.#caller.open();
  }

  /** Makes the call of `arrival`; `onEnd` is called exactly once, never from within `call`. */
  call(arrival: Arrival, onEnd: (end: CallEnd) => void): void {
    this.#caller.send(this.#calls.requestOf(arrival), onEnd);
  }

  /** Closes whatever the agent has open, as a client does. */
  close(): Promise<void> {
    return this.#caller.close();
  }
}
