/** @module Connections on which a server has refused a stream, kept for the next request of one. */
import type { SocketListener, WireSocket } from './socket.ts';

/** An idle connection. It may have ended by the time that a request is sent over it: that request is sent again. */
export class SpareSocket implements SocketListener {
  readonly socket: WireSocket;
  readonly #onGone: () => void;

  /** @param onGone - called when the connection has ended. */
  constructor(socket: WireSocket, onGone: () => void) {
    this.socket = socket;
    this.#onGone = onGone;
    socket.handTo(this);
  }

  onReady(): void {}

  /** Bytes without a request: after them it would be unclear which answer belongs to which request. */
  onRead(): void {
    this.socket.close();
    this.#onGone();
  }

  onEnd(): void {
    this.#onGone();
  }
}

/**
 * A session asks for a stream once, and many servers offer none (405). So a hundred thousand sessions need as many connections as
 * requests are under way at the same time, where each would otherwise open and close one.
 */
export class SpareSockets {
  readonly #spare = new Set<SpareSocket>();
  readonly #most: number;
  #closed = false;

  /** @param most - further connections are closed. */
  constructor(most: number) {
    this.#most = most;
  }

  /** One that is idle, if there is one. */
  take(): SpareSocket | undefined {
    const [spare] = this.#spare;
    if (spare !== undefined) this.#spare.delete(spare);
    return spare;
  }

  /** Keeps `socket`, whose last answer has ended. */
  give(socket: WireSocket): void {
    if (this.#closed || this.#spare.size >= this.#most) {
      socket.close();
      return;
    }
    const spare = new SpareSocket(socket, () => this.#spare.delete(spare));
    this.#spare.add(spare);
  }

  close(): void {
    this.#closed = true;
    for (const { socket } of this.#spare) socket.close();
    this.#spare.clear();
  }
}
