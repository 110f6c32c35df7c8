/** @module The encoders of calls in the era of a load. */
import type { Era } from '../../profile/settings.ts';
import { sharedHeaders, type UserHeaders } from '../../profile/template/header-text.ts';
import { type Call, type CallEncoder, subjectOf } from '../../protocol/call.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { sessionCall } from '../../protocol/sessions.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { traceContexts } from '../../protocol/trace.ts';

/** Encoders that are remembered: reads may have a URI of their own each. */
const MOST = 1000;

export interface EncodersOptions {
  readonly era: Era;
  /** The user's, sent with every request. */
  readonly headers: UserHeaders;
  readonly seed: number;
  /** Whether calls of the era `sessions` have a trace context as well. */
  readonly traced?: boolean;
  /** What agents of the era `stateless` declare that they can do as clients; nothing when absent. */
  readonly capabilities?: JsonObject | undefined;
}

/** Makes the encoder of a call. Calls that differ in their arguments only have the same: what they write, a call of another kind just read. */
export function encodersOf({
  era,
  seed,
  traced,
  capabilities,
  ...options
}: EncodersOptions): (call: Call) => CallEncoder {
  const headers = sharedHeaders(options.headers);
  const traces = traceContexts(seed);
  const encoderOf = (call: Call): CallEncoder =>
    era === 'sessions'
      ? sessionCall(call, headers, traced ? traces : undefined)
      : statelessCall(call, headers, traces, capabilities);
  const known = new Map<string, CallEncoder>();
  return (call) => {
    const key = `${call.method} ${subjectOf(call)}`;
    const encoder = known.get(key) ?? encoderOf(call);
    if (known.size < MOST) known.set(key, encoder);
    return encoder;
  };
}
