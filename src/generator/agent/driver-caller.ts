/** @module The lowest caller of every agent: the driver. */
import type { Driver, OpenStream, StreamListener } from '../../driver/driver.ts';
import type { AgentRequest, Caller, OnEnd, OnMessage } from './caller.ts';

/** Sends requests over a driver, which opens and closes with the load and not with an agent. Agents share it. */
export class DriverCaller implements Caller {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  send(request: AgentRequest, onEnd: OnEnd, keepBody = false, onMessage?: OnMessage): void {
    this.#driver.send(request.encode(), onEnd, keepBody, onMessage);
  }

  listen(request: AgentRequest, listener: StreamListener): OpenStream {
    return this.#driver.open(request.encode(), listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
