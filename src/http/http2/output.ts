/** @module The bytes that one session sends: those of one turn of the event loop are one write. */

/** Where a session writes. */
export interface SessionSocket {
  /** Sends `data`, text as one byte a character. Returns whether the kernel has taken all of it, so that its memory can be reused. */
  write(data: Buffer | string): boolean;
  /** Whether the kernel has taken everything that was sent. */
  readonly drained: boolean;
  close(): void;
}

const BUFFER_BYTES = 64 * 1024;

/** Collects bytes, and writes them at the end of the turn in which they came: after the answers that had arrived were read. */
export class Output {
  readonly #socket: SessionSocket;
  readonly #secure: boolean;
  readonly #onFlush: () => void;
  readonly #onTurnEnd = (): void => {
    this.#due = false;
    this.flush();
  };
  /** Buffers that the socket does not need, and those that it may still need. */
  readonly #spare: Buffer[] = [];
  readonly #lent: Buffer[] = [];
  #due = false;
  #closed = false;
  /** Where the next bytes go: at {@link end}. */
  bytes: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  end = 0;

  /** @param onFlush - called when bytes are about to be written. */
  constructor(socket: SessionSocket, secure: boolean, onFlush: () => void) {
    this.#socket = socket;
    this.#onFlush = onFlush;
    this.#secure = secure;
  }

  /** Makes room for `count` bytes from {@link end} on, which the caller writes now. */
  reserve(count: number): void {
    if (this.bytes.length - this.end < count) {
      this.flush();
      if (this.bytes.length < count) this.bytes = Buffer.allocUnsafeSlow(count);
    }
    if (this.#due) return;
    this.#due = true;
    setImmediate(this.#onTurnEnd);
  }

  /** Writes what has been collected. */
  flush(): void {
    if (this.end === 0 || this.#closed) return;
    const { bytes, end } = this;
    this.end = 0;
    this.#onFlush();
    if (this.#secure) {
      // TLS encrypts later, and takes text, one byte a character, faster than bytes that it has to keep.
      this.#socket.write(bytes.toString('latin1', 0, end));
      return;
    }
    if (this.#lent.length > 0 && this.#socket.drained) this.#spare.push(...this.#lent.splice(0));
    if (this.#socket.write(bytes.subarray(0, end))) return;
    if (bytes.length === BUFFER_BYTES) this.#lent.push(bytes);
    this.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Writes nothing more. */
  close(): void {
    this.#closed = true;
  }
}
