/** @module One measured call, as the engine hands it to the recorder. */
import { answered, type Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';

/** Valid only while it is taken in: its object is used for the next call as well. */
export interface Sample {
  /** Index into the mix of calls. */
  readonly call: number;
  /** Number of the call, and index of the agent that made it. Absent where nothing needs them. */
  readonly seq?: number;
  readonly agent?: number;
  readonly outcome: Outcome;
  /** Error detail for display, when the outcome is not `ok`. */
  readonly detail: string | undefined;
  /** The instance that answered, if the answer names it. */
  readonly servedBy: string | undefined;
  /** Value of the response header with the times of the server; absent without one. */
  readonly serverTiming?: string | undefined;
  /** Whether it was the first call to find its session lost. */
  readonly lostSession?: boolean;
  /** Given from the cache of the agent: nothing was sent for it, and no instance saw it. */
  readonly cached?: boolean;
  /** Whether another agent than that of its flow made it, with what that flow has saved: planted misuse of a handle. */
  readonly stolen?: boolean;
  /** How long the call waited for a connection, up to `sentUs`. Absent: it did not wait. */
  readonly connectionWaitUs?: Micros;
  /** Of a step of a flow, when the flow was due: it decides whether the call is measured. Absent: its own due time does. */
  readonly flowDueUs?: Micros | undefined;
  /** Times on the engine's clock. */
  readonly dueUs: Micros;
  readonly sentUs: Micros;
  readonly doneUs: Micros;
}

/**
 * Whether a call that ended so has a response time: every answer, and time-outs, whose waiting was real (and is a lower bound). Not
 * `refused`, `reset` and `tls-error`: a server that rejects calls immediately must not look faster because of that; they count in the
 * error rate. Not `aborted`: Paceline itself ended those.
 */
export const isTimed = (outcome: Outcome): boolean => answered(outcome) || outcome === 'timeout';

/** How a server says no to a caller. An error of HTTP is none: it may be that of a server that broke. */
const REFUSALS: ReadonlySet<Outcome> = new Set<Outcome>([
  'tool-error',
  'rpc-error',
  'unauthorized',
  'forbidden',
]);

/** Whether a call that ended so was refused by the server, which is right where the call is planted misuse ({@link Sample.stolen}). */
export const isRefusal = (outcome: Outcome): boolean => REFUSALS.has(outcome);

/** Whether a call that ended so says when it was sent: the `sentUs` of a refused call is the time of its failure. */
export const isSent = (outcome: Outcome): boolean => isTimed(outcome) || outcome === 'reset';
