/** @module W3C trace contexts, drawn from the seed and so repeatable. */
import { putHex32 } from '../units/put-number.ts';
import { indexOfDraw, streamKey, uint32At } from '../units/random.ts';

/** The `traceparent` of each call of a run. Source: W3C Trace Context, section 3.2. */
export interface TraceContexts {
  /** The context of call `seq`: 55 ASCII characters. */
  of(seq: number): string;
  /** Overwrites the trace context in `bytes` at index `at` with that of call `seq`. */
  patch(seq: number, bytes: Uint8Array, at: number): void;
  /** The call of a trace id: the inverse of {@link TraceContexts.of} below 2^32. Undefined when it is of no call of this run. */
  callOf(traceId: string): number | undefined;
}

const TRACE_ID = /^(?:[\da-f]{2}-)?([\da-f]{32})(?:-[\da-f]{16}-[\da-f]{2})?$/i;

/** The trace id of a `traceparent`, or of an id alone, in lower case; undefined for any other text. */
export function traceIdOf(text: string): string | undefined {
  return TRACE_ID.exec(text)?.[1]?.toLowerCase();
}

/** The offsets of the trace id, of the call's half of it, and of the parent id. */
const ID_AT = 3;
const OWN_AT = 19;
const PARENT_AT = 36;

/**
 * The contexts of a run: version 00, sampled. The first half of the trace id is the same for the whole run; the second half and
 * the parent id belong to the call.
 */
export function traceContexts(seed: number): TraceContexts {
  const key = streamKey(seed, 'trace');
  const [first, second, third, fourth] = [1, 2, 3, 4].map((part) => uint32At(key, part)) as [
    number,
    number,
    number,
    number,
  ];
  const patch = (seq: number, bytes: Uint8Array, at: number): void => {
    putHex32(uint32At(first, seq), bytes, at + OWN_AT);
    putHex32(uint32At(second, seq), bytes, at + OWN_AT + 8);
    putHex32(uint32At(third, seq), bytes, at + PARENT_AT);
    // An id of only zeros is invalid. Setting the last bit prevents that.
    putHex32(uint32At(fourth, seq) | 1, bytes, at + PARENT_AT + 8);
  };
  const context = Buffer.from(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, 'latin1');
  putHex32(first, context, ID_AT);
  putHex32(second | 1, context, ID_AT + 8);
  return {
    of(seq) {
      patch(seq, context, 0);
      return context.toString('latin1');
    },
    patch,
    callOf(traceId) {
      const seq = indexOfDraw(first, Number.parseInt(traceId.slice(16, 24), 16));
      patch(seq, context, 0);
      return context.toString('latin1', ID_AT, ID_AT + 32) === traceId ? seq : undefined;
    },
  };
}
