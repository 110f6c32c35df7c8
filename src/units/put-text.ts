/** @module Writes text and bytes into bytes. */

/** Up to here a loop is faster than a call into the runtime. */
const SHORT = 48;

/** Whether `text` is written as fast as the same bytes. */
export function isShort(text: string): boolean {
  return text.length <= SHORT;
}

/** Writes `text`, which is Latin-1, into `bytes` at `at`. Returns where it ends. */
export function putText(text: string, bytes: Buffer, at: number): number {
  if (text.length > SHORT) bytes.write(text, at, 'latin1');
  else for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Writes `part` into `bytes` at `at`. Returns where it ends. */
export function putBytes(part: Uint8Array, bytes: Uint8Array, at: number): number {
  if (part.length > SHORT) bytes.set(part, at);
  else for (let i = 0; i < part.length; i += 1) bytes[at + i] = part[i]!;
  return at + part.length;
}
