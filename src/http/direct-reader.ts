/** @module Takes what comes over a socket without TLS, past the stream that Node puts around it: that costs 1 % of a call (docs/decisions/0029-direct-writes.md). */
import type { Socket } from 'node:net';
import { STREAM_BINDING } from './stream-binding.ts';

/** What a socket reads from. */
interface StreamHandle {
  /** Called after each read: {@link StreamBinding.kReadBytesOrError} says what came. */
  onread?: ((memory: ArrayBuffer | undefined) => void) | undefined;
}

/**
 * Hands what comes over `socket` to `take`: the number of bytes that lie at the beginning of the memory that the socket was made with (its
 * option `onread`, whose callback gets nothing from now on). `socket` is connected. Its end and its faults are told as before; a time-out that was
 * set on it is not put off by what comes. Returns false, and does nothing, where Node offers no way past the stream.
 */
export function readDirectly(socket: Socket, take: (count: number) => void): boolean {
  const { _handle: handle } = socket as Socket & { readonly _handle?: StreamHandle | null };
  const onread = handle?.onread;
  if (STREAM_BINDING === undefined || typeof onread !== 'function') return false;
  const { streamBaseState, kReadBytesOrError } = STREAM_BINDING;
  handle!.onread = function (memory) {
    const count = streamBaseState[kReadBytesOrError]!;
    if (count > 0 && !socket.destroyed) take(count);
    else onread.call(this, memory);
  };
  return true;
}
