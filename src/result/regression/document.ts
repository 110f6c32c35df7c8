/** @module The comparison of two results as a file, `paceline/comparison@1`: its schema, from which its types come. */
import { z } from 'zod';
import { Machine } from '../machine.ts';

const count = z.int().min(0);

/** What was measured on one side: one result, or several of the same profile whose repetitions are taken together. */
export const Side = z.object({
  /** For people: the files or the folder as the user named them, or the name of a baseline. */
  label: z.string(),
  files: z.array(z.string()),
  /** Of the first of them, as all below. */
  createdAt: z.string(),
  paceline: z.string(),
  seed: z.int(),
  machine: Machine,
  /** Arguments after `paceline` that started the run, where they are known. */
  command: z.array(z.string()).optional(),
  /** Revision of the code that was measured, where it is known. */
  revision: z.string().optional(),
  /** How many repetitions ran to the end, of the variant with the fewest. */
  repetitions: count,
  /** False when a run was interrupted. */
  isComplete: z.boolean(),
});
export type Side = z.infer<typeof Side>;

/** Something in which the sides differ besides the code that was measured. */
export const Unlike = z.object({
  kind: z.enum(['machine', 'node', 'paceline', 'seed', 'profile', 'driver', 'repetitions']),
  /** What differs, for people: `CPU`, `load.rate of "sticky"`. */
  what: z.string(),
  base: z.string(),
  candidate: z.string(),
  /** `refused`: figures of the two sides say nothing about each other, unless the user insists; `marked`: they may, with care. */
  consequence: z.enum(['refused', 'marked']),
});
export type Unlike = z.infer<typeof Unlike>;

export const ChangeVerdict = z.enum(['regressed', 'improved', 'same', 'undecided']);
export type ChangeVerdict = z.infer<typeof ChangeVerdict>;

/** One metric of one variant on both sides. */
export const Change = z.object({
  /** Name of the variant; empty when it is the only, unnamed one. */
  variant: z.string(),
  /** A path into a summary: `responseTime.p99Us`. */
  metric: z.string(),
  /** For people: `p99 response time`. */
  label: z.string(),
  unit: z.enum(['time', 'share', 'fraction', 'ratio', 'rate', 'count']),
  better: z.enum(['lower', 'higher', 'neither']),
  isHeadline: z.boolean(),
  /** The value of each repetition that ran to the end on both sides, in the metric's unit; the first of the base with the first of the candidate. */
  pairs: z.array(z.object({ base: z.number(), candidate: z.number() })),
  /** Whether candidate is divided by base, or base subtracted from it: shares are compared by difference, and times and rates of which one is 0. */
  scale: z.enum(['ratio', 'difference']),
  /** Smaller changes are no change: a share of the base on the scale `ratio`, else in the metric's unit. */
  margin: z.number().positive(),
  /** Geometric means over the pairs (means on the scale `difference`); null when a side has no value. */
  base: z.number().nullable(),
  candidate: z.number().nullable(),
  /** Candidate over base, or candidate less base, by the scale. */
  change: z.number().nullable(),
  /** The interval of `change`, two-sided at twice the level; null without one. */
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  /** The probability of a wrong claim at which it was tested, after Holm's correction. */
  level: z.number(),
  verdict: ChangeVerdict,
  /** Why it is undecided; null when it is decided. */
  because: z
    .enum([
      'too-few-repetitions',
      'no-samples',
      'one-side-only',
      'generator-bound',
      'unlike-failures',
      'nothing-worked',
      /** Of blocks of an A/B comparison: in some of them, not one call of one side alone ended ok. */
      'one-sided-blocks',
      'unlike-sides',
      'wide-interval',
    ])
    .nullable(),
  /** The side on which that was seen, of a metric that one side has the side that has it; absent where it is of no side. */
  seenOn: z.enum(['base', 'candidate', 'both']).optional(),
  /** How many repetitions of the variant ran to the end on each side; absent from older files. */
  repetitions: z.object({ base: count, candidate: count }).optional(),
  /** Standard deviation of the change from pair to pair: a share of the base on the scale `ratio`, else in the metric's unit; null where it cannot be told. */
  noise: z.number().min(0).nullable(),
  /** The smallest true change that so many pairs find with a probability of 80 %, in the unit of the margin; null without noise. */
  detectable: z.number().min(0).nullable(),
  /** How many more pairs of repetitions are expected to decide it, if mean and noise stay as they are; 0 when it is decided, null when no number would. */
  pairsNeeded: count.nullable(),
});
export type Change = z.infer<typeof Change>;

/** The headline metric of the candidate beside those of earlier results of the same key; it decides nothing. */
export const HistoryCheck = z.object({
  /** As in {@link Change}. */
  variant: z.string(),
  metric: z.string(),
  label: z.string(),
  unit: Change.shape.unit,
  /** Of the candidate's latest result, all repetitions together. */
  value: z.number(),
  /** The earlier results since the last change point of their series. */
  results: count,
  /** When the first of them was measured; their least and greatest value. Null without any. */
  since: z.string().nullable(),
  least: z.number().nullable(),
  greatest: z.number().nullable(),
  /** Whether the value is an outlier among them, and on which side (GESD, 5 %); null when they are too few to say. */
  outlier: z.enum(['none', 'below', 'above']).nullable(),
});
export type HistoryCheck = z.infer<typeof HistoryCheck>;

/** How the response times of one side of a variant spread, all complete repetitions together. */
const Distribution = z.object({
  calls: count,
  p50Us: z.number().min(0),
  /** Of the calls, in each bin; what is missing from 1 lies outside of all bins. */
  shares: z.array(z.number().min(0).max(1)),
});

/** How the response times of a variant spread on both sides, in the same bins: equally wide on a logarithmic scale. */
export const Distributions = z.object({
  /** As in {@link Change}. */
  variant: z.string(),
  /** Where each bin begins, and where the last one ends: one more than there are bins. */
  edgesUs: z.array(z.number().positive()),
  base: Distribution,
  candidate: Distribution,
});
export type Distributions = z.infer<typeof Distributions>;

export const ComparisonDocument = z.object({
  schema: z.literal('paceline/comparison@1'),
  paceline: z.string(),
  createdAt: z.string(),
  title: z.string(),
  base: Side,
  candidate: Side,
  /** Changes below this share are no change: 0.05. */
  minEffect: z.number().positive(),
  /** The name or the file of the budget whose metrics are the headline metrics, each with its own `margin`; absent without one. */
  budget: z.string().optional(),
  /** The probability, at most, that any claim about the headline metric is wrong; the same of all other metrics together. */
  level: z.number().positive(),
  unlike: z.array(Unlike),
  /** The headline metric of each variant first. */
  changes: z.array(Change),
  /** The geometric mean of the ratios of each compared metric over the variants; only with several variants. */
  geomeans: z.array(z.object({ metric: z.string(), label: z.string(), ratio: z.number() })),
  /** One for each variant with times on both sides. Absent where only a text was asked for, and from older files. */
  distributions: z.array(Distributions).optional(),
  /** One for each headline metric; absent when the base is no baseline. */
  history: z.array(HistoryCheck).optional(),
  verdict: z.object({
    /** Of the headline metric: `regressed` when it regressed in any variant. */
    status: ChangeVerdict,
    reasons: z.array(z.string()),
  }),
});
export type ComparisonDocument = z.infer<typeof ComparisonDocument>;
