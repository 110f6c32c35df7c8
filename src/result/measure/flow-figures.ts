/** @module The figures of flows, as the result file has them. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

/** Flows that were due in the measured time. `due = completed + failed + unfinished`. */
const FlowCounts = {
  due: count.describe('Flows that were due in the measured time: completed, failed and unfinished ones.'),
  completed: count.describe('All of their calls ended ok.'),
  failed: count.describe('A call did not end ok, or was dropped.'),
  unfinished: count.describe('Still under way when the run ended.'),
  errorRate: share.describe('Share of the completed and failed ones that failed; null when there are none.'),
  responseTime: Distribution.nullable().describe(
    'Of completed flows, from the time at which they were due to the end of their last call; null without one.',
  ),
  busyTime: Distribution.nullable().describe('The same without think time.'),
};

/** One call of a flow. */
const FlowStepFigures = z.object({
  name: z.string().describe('Its name among the calls, such as `order / tools/call add`.'),
  failed: z
    .record(z.string(), count)
    .describe('The flows that it ended, by outcome (or `dropped`); only those that occurred.'),
});

/** One flow of the mix. */
export const FlowFigures = z.object({
  name: z.string().describe('Its name in the profile, or `flow N`.'),
  ...FlowCounts,
  steps: z.array(FlowStepFigures).describe('Its calls, in their order.'),
});
export type FlowFigures = z.infer<typeof FlowFigures>;

/** All flows together, and each of them. */
export const AllFlowFigures = z.object({
  ...FlowCounts,
  byFlow: z.array(FlowFigures).describe('Each flow of the mix, with the same keys.'),
});
export type AllFlowFigures = z.infer<typeof AllFlowFigures>;
