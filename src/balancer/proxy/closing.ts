/** @module How a client's connection ends: after an answer, in the middle of one, or because the client is gone. */
import type { Socket } from 'node:net';
import { after, type Cancel } from '../../units/clock.ts';

/** How long a client may go on sending after the last answer: closing at once could destroy the answer on its way. */
const LINGER_US = 1_000_000;

/**
 * - `open`: other requests may follow.
 * - `announced`: the answer under way is the last one.
 * - `over`: no more requests are read.
 */
type State = 'open' | 'announced' | 'over';

/** Ends one client connection. */
export class Closing {
  readonly #socket: Socket;
  #state: State = 'open';
  #linger: Cancel = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether the answer under way is the last one. */
  get announced(): boolean {
    return this.#state === 'announced';
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** The answer under way is the last one: the client asked for it, or the answer announces it. */
  announce(): void {
    if (this.#state === 'open') this.#state = 'announced';
  }

  /** The last answer has been written. */
  hangUp(): void {
    this.#state = 'over';
    this.#socket.end();
    this.#socket.resume();
    this.#linger = after(LINGER_US, () => this.#socket.destroy());
  }

  /** The answer cannot be completed, and the client must be able to tell. One that ends with the connection (`toClose`) needs a reset for that. */
  breakOff(toClose: boolean): void {
    this.#state = 'over';
    if (toClose) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  /** The client sends no more. `waits`: a request is under way; the client no longer wants its answer. */
  clientEnded(waits: boolean): void {
    this.#state = 'over';
    // With nothing under way the socket closes by itself, after what is still to be written.
    if (waits) this.#socket.destroy();
  }

  /** The socket is closed. */
  closed(): void {
    this.#state = 'over';
    this.#linger();
  }
}
