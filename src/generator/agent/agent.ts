/** @module An agent: a simulated MCP caller, made of layers around a driver. */
import type { Arrival } from '../schedule/schedule.ts';
import type { AgentRequest, Caller, OnEnd } from './caller.ts';
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

  /**
   * Makes the call of `arrival`; `onEnd` is called exactly once, never from within `call`. From then on, `arrival` and the request,
   * which is returned, belong to whoever made the call. `used`: the request of a call that has ended, which becomes that of this one.
   * `keepBody`: the end has the text of the answer.
   */
  call(arrival: Arrival, onEnd: OnEnd, used?: AgentRequest, keepBody?: boolean): AgentRequest | undefined {
    const request = this.#calls.requestOf(arrival, used);
    this.#caller.send(request, onEnd, keepBody);
    return request;
  }

  /** Closes whatever the agent has open, as a client does. */
  close(): Promise<void> {
    return this.#caller.close();
  }
}
