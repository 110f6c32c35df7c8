/** @module Flow-control windows: how many bytes of DATA one side may send (RFC 9113, sections 5.2 and 6.9). */
import type { Http2Fault } from './fault.ts';
import { MOST_WINDOW_BYTES, WINDOW_BYTES } from './frame.ts';

/** What we may send, on a stream or on the connection. */
export class SendWindow {
  /** Bytes; below zero after the peer made its windows smaller. */
  available: number;

  /** @param bytes - for a stream, the peer's SETTINGS_INITIAL_WINDOW_SIZE. */
  constructor(bytes: number = WINDOW_BYTES) {
    this.available = bytes;
  }

  spend(bytes: number): void {
    this.available -= bytes;
  }

  /** Takes WINDOW_UPDATE. A fault is one of the stream, or of the connection, that the window belongs to. */
  grow(increment: number): Http2Fault | undefined {
    return increment === 0 ? 'window-zero' : this.#add(increment);
  }

  /** Takes a change of SETTINGS_INITIAL_WINDOW_SIZE, by `difference`; for streams only. A fault ends the connection. */
  adjust(difference: number): Http2Fault | undefined {
    return this.#add(difference);
  }

  #add(bytes: number): Http2Fault | undefined {
    this.available += bytes;
    return this.available > MOST_WINDOW_BYTES ? 'window-overflow' : undefined;
  }
}

/** What the peer may send to us, where data is consumed as it comes. */
export class ReceiveWindow {
  readonly #size: number;
  #left: number;

  /** @param size - bytes that were announced: for a stream by SETTINGS, for the connection by WINDOW_UPDATE. */
  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  /** Makes ready for another stream. */
  clear(): void {
    this.#left = this.#size;
  }

  /** Takes `bytes` of flow-controlled data, padding included. */
  receive(bytes: number): Http2Fault | undefined {
    this.#left -= bytes;
    return this.#left < 0 ? 'window-exceeded' : undefined;
  }

  /** The increment to announce now, which is then taken as announced; 0 as long as more than half of the window is left. */
  due(): number {
    const used = this.#size - this.#left;
    if (used * 2 < this.#size) return 0;
    this.#left = this.#size;
    return used;
  }
}
