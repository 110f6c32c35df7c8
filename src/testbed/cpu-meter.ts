/** @module The meter of the processor time of a part's processes. */
import { CpuMeter } from '../process/cpu-time.ts';
import type { Meter } from './part.ts';

interface Process {
  readonly pid: number;
}

/** Counts `us` of `measure`: the processor time of a process, or of all that `processes` has by now. It fails while none can be read. */
export function cpuMeter(measure: string, processes: Process | readonly Process[]): Meter {
  const meter = new CpuMeter();
  return {
    measure,
    async read() {
      const us = meter.read([processes].flat().map(({ pid }) => pid));
      if (us === undefined) throw new Error('no processor time can be read');
      return { us };
    },
  };
}
