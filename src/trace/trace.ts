/** @module The format of a trace: JSON lines of the calls that clients made, recorded by `paceline record`. */

/** Names the format, and its version, in the first line of a trace. */
export const TRACE_SCHEMA = 'paceline/trace@1';

/** The first line. */
export interface TraceHeader {
  readonly schema: typeof TRACE_SCHEMA;
  /** Version of Paceline that recorded it. */
  readonly paceline: string;
  /** URL of the server, without credentials and query string. */
  readonly target: string;
  /** That of the first call but `server/discover`, which clients of both eras send. */
  readonly era: 'stateless' | 'sessions';
  /** When the recording began, ISO 8601. */
  readonly started: string;
  /** How many secrets were removed from the calls. Absent when the recording was cut off, or is under way. */
  readonly secretsRemoved?: number;
}

/** A line for each call, in the order in which the requests arrived. */
export interface TracedCall {
  /** Its number, from 0. */
  readonly call: number;
  /** When its request had arrived, from the start of the recording. Never falls from line to line. */
  readonly atUs: number;
  /** Index of the caller, from 0: of a session, else of the credentials, else of a connection. */
  readonly agent: number;
  readonly method: string;
  /** What the method is applied to: the tool, the prompt, or the URI. */
  readonly name?: string;
  /** The parameters without `_meta`. Absent: there were none, or they were {@link TracedCall.omitted}. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Values of the parameters that stand in earlier results of the same caller; null stands in their place. */
  readonly refs?: readonly TracedRef[];
  /** JSON pointers to values of the parameters that may be secrets, and were replaced. */
  readonly hidden?: readonly string[];
  /** Size of parameters that were too long to be recorded. */
  readonly omitted?: { readonly bytes: number };
}

/** Where a value of the parameters comes from. All places are JSON pointers (RFC 6901). */
export interface TracedRef {
  /** Place in the parameters. */
  readonly to: string;
  /** Number of the call whose result had the value first. */
  readonly call: number;
  /** Place in that result. */
  readonly from: string;
  /** Where the text at {@link from} is JSON: the place in it. */
  readonly within?: string;
}

/** A line for each call that has ended. A call without one was under way when the recording ended. */
export interface TracedEnd {
  /** Number of the call. */
  readonly end: number;
  /** As in results: `ok`, `tool-error`, `timeout` ... */
  readonly outcome: string;
  /** From the arrival of the request to the last byte of the answer; in an event stream, of its event. */
  readonly responseUs: number;
}

/** A line after the first. */
export type TraceLine = TracedCall | TracedEnd;
