/** @module How long the parts of one request took, as the response header `Server-Timing` reports them. */
import type { Micros } from '../units/time.ts';

/** What a call did with a handle. */
export interface StateUse {
  /** Making, reading or changing what is behind it. */
  readonly us: Micros;
  /** Bytes of the handles in the request and in the answer, each as often as it stands there. */
  readonly bytes: number;
  /** Whether the request brought no handle, and the call made one. */
  readonly made: boolean;
  /** Whether an earlier key than the present one has signed the handle that the request brought. */
  readonly rotated: boolean;
  /** Whether the instance did not know the handle, or refused it. */
  readonly unknown: boolean;
}

/** What is known of a request when the head of its answer is written. */
export interface Timing {
  /** When its first byte was read, on the system clock. */
  readonly startedUs: Micros;
  /** Reading and checking it; absent where the server does not tell that apart. */
  readonly readUs?: Micros | undefined;
  /** Authentication of the caller, then the policy; absent when the stage did not run. */
  readonly authUs?: Micros | undefined;
  readonly policyUs?: Micros | undefined;
  /** Asking the store for the session of the request; absent where the instance knows its sessions itself. */
  readonly sessionUs?: Micros | undefined;
  /** Waiting for a slot; absent when it needed none. */
  readonly queueUs?: Micros | undefined;
  /** Of a call that used a handle. */
  readonly state?: StateUse | undefined;
  /** The tool alone; absent when none has ended. */
  readonly toolUs?: Micros | undefined;
}

/**
 * The value of `Server-Timing` (W3C Server Timing; milliseconds) at `nowUs`: `read`, `auth`, `policy`, `session`, `queue`, `state` and `tool` where they are known, then the time since
 * the request began, as `total`, or as `head` when the content of the answer is still to come.
 */
export function serverTiming(timing: Timing, nowUs: Micros, complete = true): string {
  const { startedUs, readUs, authUs, policyUs, sessionUs, queueUs, state, toolUs } = timing;
  const check = `${metric('auth', authUs)}${metric('policy', policyUs)}`;
  const parts = `${metric('read', readUs)}${check}${metric('session', sessionUs)}${metric('queue', queueUs)}${state === undefined ? '' : stateMetric(state)}${metric('tool', toolUs)}`;
  return `${parts}${complete ? 'total' : 'head'};dur=${millis(nowUs - startedUs)}`;
}

const metric = (name: string, us: Micros | undefined): string =>
  us === undefined ? '' : `${name};dur=${millis(us)}, `;

/** Parameters beside `dur` are the server's own. */
const stateMetric = ({ us, bytes, ...marks }: StateUse): string =>
  `state;dur=${millis(us)};bytes=${bytes}${marked('made', marks)}${marked('rotated', marks)}${marked('unknown', marks)}, `;

const marked = (name: 'made' | 'rotated' | 'unknown', marks: Omit<StateUse, 'us' | 'bytes'>): string =>
  marks[name] ? `;${name}=1` : '';

/** Microseconds as milliseconds with three decimals; `toFixed` is the dearest part of an answer, so short times are looked up. */
function millis(us: Micros): string {
  const whole = Math.round(us);
  return SHORT[whole] ?? (us / 1000).toFixed(3);
}

const SHORT: readonly string[] = Array.from({ length: 1000 }, (_, us) => (us / 1000).toFixed(3));
