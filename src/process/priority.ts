/** @module The priority of the calling thread on Linux, where each thread has one of its own (man 7 sched, "The nice value"). */
import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets this thread, and those that it starts, run before all others of the machine, until the function that is returned is called in it. It has an effect
 * where the system allows it: on Linux, as root or with CAP_SYS_NICE. Elsewhere the priority stays as it is.
 */
export function runFirst(): () => void {
  try {
    // `PID/task/TID`
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    const before = getPriority(thread);
    setPriority(thread, constants.priority.PRIORITY_HIGHEST);
    return () => setPriority(thread, before);
  } catch {
    // Not allowed, or another system.
    return () => undefined;
  }
}
