/** @module The figures of the quantity `tasks`, as a summary has them. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

/** Tasks that measured calls became. */
export const TaskFigures = z.object({
  created: count,
  /** Calls that were answered without a task. */
  immediate: count,
  /** How they ended; `toolErrors`: completed, with an error of the tool; `cancelled`: by either side. */
  completed: count,
  toolErrors: count,
  failed: count,
  cancelled: count,
  /** The server did not know them (-32602) before their time was over. */
  lost: count,
  lostShare: share,
  /** They had not ended when their time was over. */
  orphaned: count,
  orphanedShare: share,
  /** Still under way when the run ended. */
  unfinished: count,
  /** Polls that found their task, those of them that found it as it was, and polls that did not find it, or were not answered. */
  polls: count,
  wasted: count,
  pollsUnknown: count,
  pollsFailed: count,
  /** Polls that found their task, of those in which the server knew it or said that it did not; null without a poll. */
  found: share,
  wastedShare: share,
  /** All polls by all tasks; null without a task. */
  pollsPerTask: z.number().min(0).nullable(),
  updates: count,
  cancels: count,
  notifications: count,
  /** Ends whose time by the server's clock could not be placed on ours. */
  undated: count,
  /** From the call to the task; from the call to its end; from its end to the moment in which the agent knew. */
  create: Distribution,
  whole: Distribution,
  detection: Distribution,
});
export type TaskFigures = z.infer<typeof TaskFigures>;
