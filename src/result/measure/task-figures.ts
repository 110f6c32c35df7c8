/** @module The figures of the quantity `tasks`, as a summary has them. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

/** Tasks that measured calls became. */
export const TaskFigures = z.object({
  created: count.describe('Tasks that measured calls became.'),
  immediate: count.describe('Calls that were answered without a task.'),
  completed: count.describe('Tasks that ended `completed`, without an error of the tool.'),
  toolErrors: count.describe('Tasks that ended `completed`, with an error of the tool.'),
  failed: count.describe('Tasks that ended `failed`.'),
  cancelled: count.describe('Tasks that ended `cancelled`, by either side.'),
  lost: count.describe('The server did not know them (-32602) before their time was over.'),
  lostShare: share.describe('Share of the created ones that were lost; null without one.'),
  orphaned: count.describe('Their end was not seen before their time was over.'),
  orphanedShare: share.describe('Share of the created ones that were orphaned; null without one.'),
  unfinished: count.describe('Still under way when the run ended.'),
  polls: count.describe('Polls that found their task.'),
  wasted: count.describe(
    'Of these, the polls that found it as it was; without the poll that follows the start of a stream of notifications.',
  ),
  pollsUnknown: count.describe('Polls to which the server answered that it does not know the task.'),
  pollsFailed: count.describe('Polls that were not answered, or with another error.'),
  found: share.describe(
    'Polls that found their task, of those in which the server knew it or said that it did not; null without a poll.',
  ),
  wastedShare: share.describe(
    '`wasted` of all polls: `polls`, `pollsUnknown` and `pollsFailed`; null without a poll.',
  ),
  pollsPerTask: z
    .number()
    .min(0)
    .nullable()
    .describe('`polls`, `pollsUnknown` and `pollsFailed` by all tasks; null without a task.'),
  updates: count.describe('`tasks/update` requests.'),
  cancels: count.describe('`tasks/cancel` requests.'),
  notifications: count.describe('Notifications about tasks on streams.'),
  undated: count.describe("Ends whose time by the server's clock could not be placed on ours."),
  create: Distribution.describe('From the sending of a call to the answer that is a task.'),
  whole: Distribution.describe(
    'From the sending of a call to the moment in which the agent knew how its task ended.',
  ),
  detection: Distribution.describe('From the end of a task to the moment in which the agent knew of it.'),
});
export type TaskFigures = z.infer<typeof TaskFigures>;
