/** @module W3C trace contexts, drawn and therefore repeatable. */
import { streamKey, uint32At } from '../units/random.ts';

/** Every byte as two hexadecimal digits: looking them up is many times faster than formatting, and every call has a context. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * The `traceparent` of each call of a run: version 00, sampled. The first half of the trace id is the run's, the second
 * half and the parent id are the call's. Source: W3C Trace Context, section 3.2.
 */
export function traceContexts(seed: number): (seq: number) => string {
  const key = streamKey(seed, 'trace');
  const [first, second, third, fourth] = [1, 2, 3, 4].map((part) => uint32At(key, part)) as [
    number,
    number,
    number,
    number,
  ];
  // An id of zeros alone is invalid: the last bit keeps both from being so.
  const run = `00-${hex(first)}${hex(second | 1)}`;
  return (seq) =>
    `${run}${hex(uint32At(first, seq))}${hex(uint32At(second, seq))}-${hex(uint32At(third, seq))}${hex(uint32At(fourth, seq) | 1)}-01`;
}

function hex(value: number): string {
  return HEX[value >>> 24]! + HEX[(value >>> 16) & 255]! + HEX[(value >>> 8) & 255]! + HEX[value & 255]!;
}
