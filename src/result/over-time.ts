/** @module How calls and their times ran over the measured time of a trial. */
import { z } from 'zod';

const count = z.int().min(0);
const us = z.int().min(0);

/** One second of the measured time. `atMs` counts from its start; calls are placed by the time they ended, `sent` by the time they were sent. */
export const Window = z.object({
  atMs: count,
  sent: count,
  ok: count,
  errors: count,
  p50Us: us,
  p99Us: us,
  /** How much of the second lies within the measured time, in milliseconds: 1000 except in the last one. Absent from older results. */
  lengthMs: count.optional(),
  /** Jain index of the calls per instance; null when no instance answered, absent when none names itself. */
  jain: z.number().nullable().optional(),
  /** The calls that fell due in it, whenever they ended. Absent from older results. */
  byDue: z
    .object({
      due: count,
      answered: count,
      timedOut: count,
      /** Of the answered ones, by how much their response times were longer than the warm-up, added up. */
      beyondWarmupUs: count,
      /** Never sent. Absent from older results. */
      dropped: count.optional(),
    })
    .optional(),
  /** Answers that arrived in it, whenever their call was due: what rates count; `ok`: those of calls that ended so. Absent from older results. */
  arrived: z.object({ answered: count, ok: count }).optional(),
});
export type Window = z.infer<typeof Window>;

/** Response times of the whole windows of a repetition, kept where a threshold of the profile asks for them. */
export const WindowTimes = z.object({
  lengthMs: count,
  /** Which times: of the calls that ended `ok`, or of all. */
  series: z.enum(['okResponseTime', 'responseTime']),
  /** Of each whole window in turn, HdrHistogram V2 compressed in base64, in microseconds to two digits. */
  histograms: z.array(z.string()),
});
export type WindowTimes = z.infer<typeof WindowTimes>;

/** A span of the measured time, all repetitions together, and the response times of the calls that ended in it. */
export const Span = z.object({
  atMs: count,
  lengthMs: count,
  /** Calls that ended in it with a time. */
  calls: count,
  /** Null: too few calls for this percentile. */
  p50Us: us.nullable(),
  p95Us: us.nullable(),
  p99Us: us.nullable(),
});
export type Span = z.infer<typeof Span>;

/** The whole seconds of a repetition: of a part of a second there is no rate. */
export const Timeline = z.object({
  seconds: count,
  /** Calls that ended `ok` in the slowest second, in the mean of all, and in the fastest one; null without a whole second. */
  okPerSecond: z.object({ lowest: count, mean: z.number().min(0), highest: count }).nullable(),
  /** Calls that ended otherwise, in the whole measured time. */
  errors: count,
});
export type Timeline = z.infer<typeof Timeline>;
