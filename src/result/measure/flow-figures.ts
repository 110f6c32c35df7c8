/** @module The figures of flows, as the result file has them. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);

/** Flows that were due in the measured time. `due = completed + failed + unfinished`. */
const FlowCounts = {
  due: count,
  /** All of their calls ended ok. */
  completed: count,
  /** A call did not end ok, or was dropped. */
  failed: count,
  /** Still under way when the run ended. */
  unfinished: count,
  /** Share of the completed and failed ones that failed; null when there are none. */
  errorRate: z.number().min(0).max(1).nullable(),
  /** Of completed flows, from the time at which they were due to the end of their last call; null without one. */
  responseTime: Distribution.nullable(),
  /** The same without think time. */
  busyTime: Distribution.nullable(),
};

/** One call of a flow: its name among the calls, and the flows that it ended, by outcome (or `dropped`). */
const FlowStepFigures = z.object({ name: z.string(), failed: z.record(z.string(), count) });

/** One flow of the mix. */
export const FlowFigures = z.object({ name: z.string(), ...FlowCounts, steps: z.array(FlowStepFigures) });
export type FlowFigures = z.infer<typeof FlowFigures>;

/** All flows together, and each of them. */
export const AllFlowFigures = z.object({ ...FlowCounts, byFlow: z.array(FlowFigures) });
export type AllFlowFigures = z.infer<typeof AllFlowFigures>;
