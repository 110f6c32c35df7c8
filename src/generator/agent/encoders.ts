/** @module The encoders of calls in the era of a load. */
import type { Era } from '../../profile/settings.ts';
import { sharedHeaders, type UserHeaders } from '../../profile/template/header-text.ts';
import type { Call, CallEncoder } from '../../protocol/call.ts';
import { sessionCall } from '../../protocol/sessions.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { traceContexts } from '../../protocol/trace.ts';

export interface EncodersOptions {
  readonly era: Era;
  /** The user's, sent with every request. */
  readonly headers: UserHeaders;
  readonly seed: number;
}

/** Makes the encoder of a call. */
export function encodersOf({ era, seed, ...options }: EncodersOptions): (call: Call) => CallEncoder {
  const headers = sharedHeaders(options.headers);
  if (era === 'sessions') return (call) => sessionCall(call, headers);
  const traces = traceContexts(seed);
  return (call) => statelessCall(call, headers, traces);
}
