/** @module W3C trace contexts, drawn and therefore repeatable. */
import type { Random } from '../units/random.ts';

/** A `traceparent` of version 00 with the sampled flag. Source: W3C Trace Context, section 3.2. */
export function traceparent(random: Random): string {
  // A trace id or a parent id of zeros alone is invalid: the last bit keeps both from being so.
  const trace = hex(random.uint32()) + hex(random.uint32()) + hex(random.uint32()) + hex(random.uint32() | 1);
  return `00-${trace}-${hex(random.uint32())}${hex(random.uint32() | 1)}-01`;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
