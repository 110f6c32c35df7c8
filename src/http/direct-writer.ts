/**
 * @module Writes to a socket without TLS, past the stream that Node puts around it: that costs 5 to 10 % of a call, and buys nothing while
 * the kernel takes the bytes at once (docs/decisions/0029-direct-writes.md).
 */
import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { STREAM_BINDING, type StreamBinding, type WriteRequest } from './stream-binding.ts';

/** What a socket writes to. Returns 0, or the negated error number. */
interface StreamHandle {
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

/** Writes to one socket, which is connected and has no TLS. */
export class DirectWriter {
  readonly #socket: Socket & { readonly _handle?: Partial<StreamHandle> | null };
  readonly #binding: StreamBinding;
  /** For the next write; it is used up by one that the kernel does not take at once. */
  #request: WriteRequest;
  #waiting = false;

  private constructor(socket: Socket, binding: StreamBinding) {
    this.#socket = socket;
    this.#binding = binding;
    this.#request = new binding.WriteWrap();
  }

  /** Undefined where Node offers no way past the stream. */
  static of(socket: Socket): DirectWriter | undefined {
    return STREAM_BINDING && new DirectWriter(socket, STREAM_BINDING);
  }

  /** Whether the kernel has not yet taken all that was written here. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /**
   * Writes `bytes`, which may change once the writer is not {@link DirectWriter.waiting}. Returns whether it did: not while earlier bytes
   * wait, and not once the socket is closed. A fault ends the socket as it does in `socket.write`: with an `error` of the same code.
   */
  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    const handle = socket._handle;
    if (this.#waiting || socket.writableLength > 0 || !handle?.writeBuffer) return false;
    const { streamBaseState, kLastWriteWasAsync } = this.#binding;
    const status = handle.writeBuffer(this.#request, bytes);
    if (status !== 0) this.#fail(status);
    else if (streamBaseState[kLastWriteWasAsync] !== 0) this.#wait(bytes);
    return true;
  }

  /** libuv writes the rest of `bytes` when it can, and whatever is written after them behind it. */
  #wait(bytes: Uint8Array): void {
    const request = this.#request;
    request.buffer = bytes;
    request.oncomplete = (status) => {
      this.#waiting = false;
      if (status !== 0) this.#fail(status);
    };
    this.#waiting = true;
    this.#request = new this.#binding.WriteWrap();
  }

  #fail(status: number): void {
    this.#request = new this.#binding.WriteWrap();
    const code = getSystemErrorName(status);
    this.#socket.destroy(
      Object.assign(new Error(`write ${code}`), { errno: status, code, syscall: 'write' }),
    );
  }
}
