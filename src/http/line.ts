/** @module Lines of a head, each closed by CR LF; a reader of one gives the position after it, or one of two numbers that are none. */
import { CR, LF } from './bytes.ts';

/** Instead of a position: the line is not complete yet. */
export const UNFINISHED = 0;
/** Instead of a position: no such line begins like that. */
export const BAD = -1;

/** Where the line after the line end at `at` begins, {@link UNFINISHED} or {@link BAD}. A bare CR or LF is no line end. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return UNFINISHED;
  if (bytes[at] !== CR) return BAD;
  if (at + 1 === end) return UNFINISHED;
  return bytes[at + 1] === LF ? at + 2 : BAD;
}
