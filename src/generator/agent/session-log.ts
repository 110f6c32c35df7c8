/** @module Counts the events in the sessions of a worker's agents: the only module that writes to their tally. */
import type { Reply } from '../../driver/driver.ts';
import { clampTime } from '../../recording/histogram.ts';
import type { SessionTally } from '../../recording/measure/sessions.ts';
import type { Micros } from '../../units/time.ts';
import type { CallContext } from './caller.ts';

/** Takes in events. The agents of a worker share it. */
export class SessionLog {
  readonly #tally: SessionTally;

  constructor(tally: SessionTally) {
    this.#tally = tally;
  }

  /** A server created a session; without `id`, it keeps none, and every request stands for itself. */
  opened(id: string | undefined, { measured }: CallContext): void {
    if (measured) this.#tally.handshakes.opened += 1;
    if (id === undefined) this.#tally.withoutId += 1;
    else this.#tally.opened += 1;
  }

  /** A session could not be opened. */
  failed(): void {
    this.#tally.failed += 1;
  }

  /** `initialize` or `notifications/initialized` was answered. */
  handshake({ sentUs, doneUs }: Reply, { measured }: CallContext): void {
    const { handshakes } = this.#tally;
    const requests = measured ? handshakes : handshakes.before;
    requests.requests += 1;
    requests.timeUs += clampTime(doneUs - sentUs);
  }

  /** A server did not accept `notifications/initialized`. */
  handshakeBroken({ measured }: CallContext): void {
    this.#tally.handshakesBroken += 1;
    if (measured) this.#tally.handshakes.broken += 1;
  }

  /** A GET stream was answered with `status`. */
  stream(status: number): void {
    if (status >= 200 && status < 300) this.#tally.streamsOpened += 1;
    // 405 means that the server offers no stream (transports, Listening for Messages 4): this is not a rejection.
    else if (status !== 405) this.#tally.streamsRefused += 1;
  }

  /** A GET stream that the server had ended was opened again. */
  streamReopened(): void {
    this.#tally.streamsReopened += 1;
  }

  /** The event stream of a call, which the server had closed before the answer, was continued. */
  streamResumed(): void {
    this.#tally.streamsResumed += 1;
  }

  /** The server sent a request. */
  serverRequest(): void {
    this.#tally.serverRequests += 1;
  }

  /** A call found its session lost. */
  lost(): void {
    this.#tally.lost += 1;
  }

  /** A session has replaced a lost one, `tookUs` after the loss was detected. */
  reopened(tookUs: Micros, { measured }: CallContext): void {
    this.#tally.reinitialised += 1;
    if (measured) this.#tally.handshakes.reopen.record(clampTime(tookUs));
  }

  /** A call waited for a session. */
  waited(spanUs: Micros, { measured }: CallContext): void {
    if (measured) this.#tally.handshakes.waitedUs += clampTime(spanUs);
  }

  /** The first call in a session was answered, by the instance that created the session or by another. */
  firstCall(onOwner: boolean): void {
    this.#tally.ownerCalls += 1;
    if (onOwner) this.#tally.ownerHits += 1;
  }

  /** A call in a session was answered, by the instance that created the session or by another. */
  call(onOwner: boolean, { measured }: CallContext): void {
    if (!measured) return;
    this.#tally.callsInSession += 1;
    if (onOwner) this.#tally.callsOnOwner += 1;
  }
}
