/** @module Writes text into bytes, one byte a character. */

/** Up to here a loop is faster than a call into the runtime. */
const SHORT = 48;

/** Writes `text`, which is Latin-1, into `bytes` at `at`. Returns where it ends. */
export function putText(text: string, bytes: Buffer, at: number): number {
  if (text.length > SHORT) bytes.write(text, at, 'latin1');
  else for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
