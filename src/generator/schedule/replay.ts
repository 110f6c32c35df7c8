/** @module The schedule of a replay: the calls of a trace, each at its own time. */
import type { TracedRef } from '../../trace/trace.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival, Schedule } from './schedule.ts';

/** A call of a trace that is made again. */
export interface ReplayedCall {
  /** When it was made, from the start of the recording. */
  readonly atUs: Micros;
  readonly agent: number;
  /** Index into the mix of calls. */
  readonly call: number;
  /** Its parameters, with null in place of values from results. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Absent: it needs no result. */
  readonly refs?: readonly ReplayedRef[];
}

/** A value from the result of an earlier call of the replay. */
export interface ReplayedRef extends Omit<TracedRef, 'call'> {
  /** Number of that call, in the order of the replay. */
  readonly seq: number;
}

/** Every call of `calls`, which are in the order of their times, at its time divided by `speed`. */
export function replaySchedule(calls: readonly ReplayedCall[], speed: number, spanUs: Micros): Schedule {
  let seq = -1;
  return {
    next(): Arrival | undefined {
      seq += 1;
      const next = calls[seq];
      if (next === undefined) return undefined;
      const dueUs = next.atUs / speed;
      return dueUs >= spanUs ? undefined : { seq, dueUs, agent: next.agent, call: next.call };
    },
  };
}
