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
  /** Whether calls of the era `sessions` have a trace context as well. */
  readonly traced?: boolean;
}

/** Makes the encoder of a call. */
export function encodersOf({ era, seed, traced, ...options }: EncodersOptions): (call: Call) => CallEncoder {
  const headers = sharedHeaders(options.headers);
  const traces = traceContexts(seed);
  if (era === 'sessions') return (call) => sessionCall(call, headers, traced ? traces : undefined);
  return (call) => statelessCall(call, headers, traces);
}
