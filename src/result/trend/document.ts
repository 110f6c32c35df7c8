/** @module A trend as a file, `paceline/trend@1`: one metric of each variant over many results, with its change points. */
import { z } from 'zod';
import { MachineClass } from '../history/identity.ts';
import { Change } from '../regression/document.ts';
import { Revision } from '../revision.ts';

const count = z.int().min(0);

/** The value of one result. */
export const TrendPoint = z.object({
  file: z.string(),
  createdAt: z.string(),
  /** Of the code that was measured, where it is known. */
  revision: Revision.optional(),
  /** Of all repetitions together, in the unit of the metric. */
  value: z.number(),
});
export type TrendPoint = z.infer<typeof TrendPoint>;

/** Consecutive points between which no change was found. */
export const TrendSegment = z.object({
  /** Indices of its first point, and of the last. */
  from: count,
  to: count,
  mean: z.number(),
});
export type TrendSegment = z.infer<typeof TrendSegment>;

/** A point from which on values are others than before. */
export const TrendChange = z.object({
  /** Index of the first point after the change; the code changed after the point before it. */
  at: count,
  /** Means of the segments on both sides. */
  before: z.number(),
  after: z.number(),
  /** `after` over `before`; null when that was 0. */
  ratio: z.number().nullable(),
  /** Of the t-test between the segments. The split was sought, so it ranks changes and is no rate of false alarms. */
  p: z.number(),
  /** `neither`: more of the metric is neither good nor bad. */
  direction: z.enum(['worse', 'better', 'neither']),
});
export type TrendChange = z.infer<typeof TrendChange>;

/** One variant of one workload on machines of one class. */
export const TrendSeries = z.object({
  title: z.string(),
  /** Empty when it is the only, unnamed one. */
  variant: z.string(),
  workload: z.string(),
  machine: MachineClass,
  /** Of results that are baselines. */
  branch: z.string().optional(),
  /** A path into a summary: `responseTime.p50Us`. */
  metric: z.string(),
  label: z.string(),
  unit: Change.shape.unit,
  better: Change.shape.better,
  /** In the order of time. */
  points: z.array(TrendPoint),
  segments: z.array(TrendSegment),
  changes: z.array(TrendChange),
  /** How many more points a search for changes needs; 0 when it was made. */
  pointsNeeded: count,
});
export type TrendSeries = z.infer<typeof TrendSeries>;

/** A variant of a result that is no point of a series. */
export const LeftOut = z.object({
  file: z.string(),
  variant: z.string(),
  because: z.enum(['no-value', 'nothing-worked', 'generator-bound']),
});
export type LeftOut = z.infer<typeof LeftOut>;

export const TrendDocument = z.object({
  schema: z.literal('paceline/trend@1'),
  paceline: z.string(),
  createdAt: z.string(),
  /** For people: the folder as the user named it. */
  label: z.string(),
  /** Results that were read, without copies. */
  results: count,
  /** Results that are copies of others, as baselines are. */
  copies: count,
  /** How change points were sought. */
  search: z.object({
    window: count,
    maxP: z.number(),
    minMagnitude: z.number(),
    /** Series of fewer points are not searched. */
    minPoints: count,
  }),
  series: z.array(TrendSeries),
  leftOut: z.array(LeftOut),
});
export type TrendDocument = z.infer<typeof TrendDocument>;
