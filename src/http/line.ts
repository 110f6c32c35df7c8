/**
 * @module Lines of a head, each ended by CR LF. A reader of a line returns the position after it, or one of two numbers that
 * are no position.
 */
import { CR, LF, SPACE, TAB } from './bytes.ts';
import type { HttpFault } from './fault.ts';

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

/** Why the field line at `from` is {@link BAD}, as precisely as its bytes tell. */
export function fieldLineFault(bytes: Buffer, from: number, end: number): HttpFault {
  if (bytes[from] === SPACE || bytes[from] === TAB) return 'folded-line';
  return endsBare(bytes, from, end) ? 'bare-lf' : 'field-line';
}

/** Whether the line at `from` ends in LF without CR. */
export function endsBare(bytes: Buffer, from: number, end: number): boolean {
  const lf = bytes.indexOf(LF, from);
  return lf >= 0 && lf < end && (lf === from || bytes[lf - 1] !== CR);
}
