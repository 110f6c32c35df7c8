/** @module The priority of the calling thread on Linux, where each thread has one of its own (man 7 sched, "The nice value"). */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets this thread, and those that it starts, run before all others of the machine. It has an effect where the system allows it: on Linux, as root or
 * with CAP_SYS_NICE. Elsewhere the priority stays as it is.
 */
export function runFirst(): void {
  try {
    // `PID/task/TID`
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Not allowed, or another system.
  }
}
