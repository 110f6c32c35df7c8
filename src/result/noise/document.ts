/** @module The noise of a result: how much repetitions of a variant differ, and which of them are outliers. Its schema, from which its types come. */
import { z } from 'zod';

const count = z.int().min(0);

/** A repetition whose value lies far away from those of the others. Its figures count as all others do. */
export const OutlierTrial = z.object({
  /** From 0 within its variant. */
  repetition: count,
  value: z.number(),
  /** The median of the other repetitions. */
  othersMedian: z.number(),
});
export type OutlierTrial = z.infer<typeof OutlierTrial>;

/** Of a variant with several repetitions that ran to the end. */
export const VariantNoise = z.object({
  variant: z.string(),
  /** The headline metric, a path into a summary: `responseTime.p50Us`. */
  metric: z.string(),
  repetitions: count,
  /** Coefficient of variation: the standard deviation of the values of the repetitions, as a share of their mean. */
  variation: z.number().min(0),
  /** The smallest true change that a comparison of two such results finds with a probability of 80 %, as a share. */
  detectable: z.number().min(0),
  outliers: z.array(OutlierTrial),
});
export type VariantNoise = z.infer<typeof VariantNoise>;
