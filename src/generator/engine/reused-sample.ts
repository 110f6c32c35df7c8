/** @module The sample of a call in the one object that a load loop has for all of them. */
import type { Sample } from '../../recording/sample.ts';
import { UNSET } from '../../units/time.ts';

/** Has every field, so that its shape never changes. */
type ReusedSample = { -readonly [Key in keyof Required<Sample>]: Required<Sample>[Key] };

export function freshSample(): ReusedSample {
  return {
    call: 0,
    seq: 0,
    agent: 0,
    outcome: 'ok',
    detail: undefined,
    servedBy: undefined,
    serverTiming: undefined,
    flowDueUs: undefined,
    stolen: false,
    dueUs: UNSET,
    sentUs: UNSET,
    doneUs: UNSET,
    lostSession: false,
    cached: false,
    connectionWaitUs: UNSET,
  };
}
