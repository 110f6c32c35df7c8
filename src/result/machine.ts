/** @module The machine of a result, as it was before the first trial. */
import { z } from 'zod';

const count = z.int().min(0);

export const Machine = z.object({
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
  os: z.string(),
  node: z.string(),
  loadAverage1: z.number(),
  /** How busy it was before the first trial. Absent from older results, in which the load average may be that of the run itself. */
  before: z
    .object({
      loadAverage1: z.number(),
      /** Share of the 10 s before in which some program waited for a core; null where the system does not tell. */
      waiting: z.number().min(0).nullable(),
      /** Share of the time of all cores that other programs used since the start of the process; null when that was too short to say. Absent from older results. */
      used: z.number().min(0).max(1).nullable().optional(),
      /** Whether it was so busy that measured times include what other programs took. */
      isBusy: z.boolean(),
    })
    .optional(),
});
export type Machine = z.infer<typeof Machine>;
