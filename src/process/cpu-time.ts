/** @module The processor time of processes and of this thread. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Micros } from '../units/time.ts';

/**
 * The processor time that all threads of process `pid` have used so far, to the nanosecond; `undefined` when it has ended, and on
 * systems without `/proc`. Source: Linux, Documentation/scheduler/sched-stats.rst, `/proc/<pid>/schedstat`.
 */
export function cpuTimeUs(pid: number): Micros | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanos = threads.reduce((sum, thread) => sum + threadNanos(pid, thread), 0);
    return nanos / 1000;
  } catch {
    return undefined;
  }
}

/** What the scheduler of the operating system gave a thread. */
export interface ThreadTimes {
  /** Time for which it ran. */
  readonly ranUs: Micros;
  /** Time for which it was ready to run, and had no core. */
  readonly waitedUs: Micros;
}

/** The times of this thread so far, which may lack the latest milliseconds; `undefined` on systems without `/proc`. Source: as {@link cpuTimeUs}. */
export function threadTimes(): ThreadTimes | undefined {
  try {
    const [ran, waited] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
    return { ranUs: Number(ran) / 1000, waitedUs: Number(waited) / 1000 };
  } catch {
    return undefined;
  }
}

/** 0 for a thread that ended in the meantime. */
function threadNanos(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  } catch {
    return 0;
  }
}

/** Adds up what processes have used, also of those that have ended since the last reading. */
export class CpuMeter {
  readonly #seen = new Map<number, Micros>();
  #totalUs: Micros = 0;

  /** The processor time of all processes ever read, `pids` included, since each was read first; `undefined` when none of them can be read. */
  read(pids: readonly number[]): Micros | undefined {
    let readable = 0;
    for (const pid of pids) {
      const us = cpuTimeUs(pid);
      if (us === undefined) continue;
      readable += 1;
      this.#totalUs += us - (this.#seen.get(pid) ?? us);
      this.#seen.set(pid, us);
    }
    return readable === 0 ? undefined : this.#totalUs;
  }
}
