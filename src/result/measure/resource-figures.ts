/** @module The figures of the quantity `resources`: their schema, from which their types come. */
import { z } from 'zod';
import { PARTS } from '../../recording/measure/resources.ts';

const count = z.int().min(0);
/** One for each step; null where the process was not read. */
const series = z.array(z.number().min(0).nullable());

/** What a process used over the measured time. */
export const ProcessUse = z.object({
  part: z.enum(PARTS),
  /** Of an instance; of the balancer `balancer`. */
  name: z.string(),
  /** Processor time of all its threads, in cores: 1 is a whole one. */
  cpu: series,
  /** Resident memory at the end of the step, in MiB. */
  rssMiB: series,
  /** Share of the time in which it collected garbage; absent where it does not tell. */
  gc: series.optional(),
  /** Spans of three seconds or more in which it used a whole core all the time. */
  wholeCore: z.array(z.object({ fromMs: count, toMs: count })),
});
export type ProcessUse = z.infer<typeof ProcessUse>;

export const ResourceFigures = z.object({
  /** Length of a step: one second or, of a long run, several. The first begins with the measured time. */
  stepMs: count,
  /** Means over the repetitions. */
  processes: z.array(ProcessUse),
});
export type ResourceFigures = z.infer<typeof ResourceFigures>;
