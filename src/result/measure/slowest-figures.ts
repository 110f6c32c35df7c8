/** @module The figures of the quantity `slowest`: their schema, from which their type comes. */
import { z } from 'zod';
import { OUTCOMES } from '../../protocol/outcome.ts';

const count = z.int().min(0);
const us = z.int().min(0);

/** A call with a response time; of a timeout it is the time after which it was given up. */
const SlowCallFigures = z.object({
  /** Of the calls of several repetitions: index of its own, from 0. */
  repetition: count.optional(),
  call: z.string(),
  /** Number of the call, and of the agent that made it. */
  seq: count,
  agent: count,
  /** The instance that answered; null where that is not known. */
  instance: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  /** From the start of the measured time. */
  dueUs: us,
  responseUs: us,
  /** Null of a call that was never sent. */
  serviceUs: us.nullable(),
  sendLagUs: us,
  connectionWaitUs: us,
  /** W3C trace context as it was sent; null where none was. */
  traceparent: z.string().nullable(),
});

export const Slowest = z.object({
  /** At most ten, the slowest first. */
  calls: z.array(SlowCallFigures),
  /** Most of them fell due within a tenth of the measured time of one repetition. Null when they did not. */
  together: z.object({ repetition: count.optional(), fromUs: us, toUs: us, calls: count }).nullable(),
  /** So many of them were answered by one instance that chance hardly explains it. Null when they were not. */
  atInstance: z.object({ instance: z.string(), calls: count }).nullable(),
});
export type Slowest = z.infer<typeof Slowest>;
