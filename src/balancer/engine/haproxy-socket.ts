/** @module The stats socket of HAProxy, over which it answers commands. Source: HAProxy management guide, section 9.3. */
import { connect } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * Sends one command over the socket at `path` and resolves with the answer. Rejects when nobody listens there, and when `signal` is
 * aborted first; it leaves no listener on `signal`.
 */
export async function askSocket(path: string, question: string, signal?: AbortSignal): Promise<string> {
  const socket = connect({ path });
  // As an option of `connect`, the signal would keep a listener for each socket.
  if (signal !== undefined) addAbortSignal(signal, socket);
  socket.end(`${question}\n`);
  return text(socket);
}
