/** @module The result file `paceline/result@1`: its schema, from which its types come. Times are integer microseconds, units are in the names. */
import { z } from 'zod';
import { Inspection } from '../inspect/inspection.ts';
import { Machine } from './machine.ts';
import { CallFigures } from './measure/by-call.ts';
import { InstanceFigures } from './measure/by-instance.ts';
import { FIGURES } from './measure/quantities.ts';
import { VariantNoise } from './noise/document.ts';
import { Note } from './note.ts';
import { Span, Timeline, Window, WindowTimes } from './over-time.ts';
import { Revision } from './revision.ts';
import { VariantSettings } from './settings.ts';

const count = z.int().min(0);
const us = z.int().min(0);

/** The calls with a response time from `fromUs` to before `toUs`, and their share of all calls with a time. */
export const Bin = z.object({ fromUs: us, toUs: us, calls: count, share: z.number().min(0).max(1) });
export type Bin = z.infer<typeof Bin>;

/** What was measured: the figures of each quantity (`result/measure`), and what is kept per call, per instance and over time. */
export const Summary = z.object({
  ...FIGURES,
  byCall: z.record(z.string(), CallFigures),
  byInstance: InstanceFigures,
  /** Series name (`responseTime`, `serviceTime`, `sendLag`) to an HdrHistogram V2 compressed encoding in base64, in microseconds. */
  histograms: z.record(z.string(), z.string()),
  windows: z.array(Window),
});
export type Summary = z.infer<typeof Summary>;

export const Generator = z.object({
  /** Share of one core used by the busiest worker during the measured time, 0..1. */
  cpu: z.number().min(0),
  /** How late a timer of the event loop fired that was set every 20 ms (every millisecond in older results), 99th percentile. */
  eventLoopDelayP99Us: us,
  /** Share of the time spent in garbage collection. */
  gc: z.number().min(0),
  driver: z.string(),
  workers: z.int().min(1),
  /** The most connections that were open at the same time. Absent from older results. */
  connections: count.optional(),
  /** How late answers were read, estimated from the turns of the event loop. Absent from older results. */
  readLag: z.object({ p50Us: us, p90Us: us, p95Us: us, p99Us: us }).optional(),
  /** Calls answered per second as a share of the most that this generator makes on this machine, where `paceline calibrate` has measured that. */
  shareOfCeiling: z.number().min(0).optional(),
  /** True when the generator, not the server, limited the trial; `reasons` say how it shows and what to change. */
  bound: z.boolean(),
  reasons: z.array(z.string()),
});
export type Generator = z.infer<typeof Generator>;

/** What followed an injected event in one repetition; docs/faults.md defines each figure. */
export const FaultEffect = z.object({
  kind: z.string(),
  /** When it began, from the start of the measured time. */
  atMs: count,
  /** The instances it was injected into, or that joined, in words; several are separated by commas. */
  instance: z.string(),
  /** The same instances as a list. Absent from older results. */
  instances: z.array(z.string()).optional(),
  /** How many instances were in service before it. Absent from older results, and of the first fault: all of the fleet. */
  inService: count.optional(),
  /** Calls that did not end `ok` from then until the next fault or the end. */
  callsFailed: count,
  /** Calls of the measured time that failed after it; of the last fault. Absent without one, and from older results. */
  failedLater: count.optional(),
  sessionsLost: count,
  /** Calls that brought a handle from then until the next fault or the end, and of these, those that had it refused. Absent where no call of the run brought one, and from older results. */
  handles: count.optional(),
  handlesRefused: count.optional(),
  /** Null: not within the measured time. */
  errorsStopMs: count.nullable(),
  /** Null: never. */
  rebalanceMs: count.nullable(),
  /** 99th percentile of the response times while it lasted; null when fewer than 100 calls ended. */
  p99DuringUs: us.nullable(),
  /** Share of the calls that ended before it, back to the fault before or the start, that did not end `ok`; null when none ended. Absent from older results. */
  failedBefore: z.number().min(0).max(1).nullable().optional(),
});
export type FaultEffect = z.infer<typeof FaultEffect>;

/** One figure over repetitions. */
export const Spread = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  /** 95 % interval of the mean; null of one repetition. */
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  /** Repetitions in which there was no such figure: errors did not stop, load was never even. */
  never: count,
});
export type Spread = z.infer<typeof Spread>;

/** A fault over all repetitions; a figure is null when no repetition had it. */
export const FaultSummary = z.object({
  kind: z.string(),
  atMs: count,
  repetitions: count,
  callsFailed: Spread.nullable(),
  /** Calls that failed after the measured time; absent or null where none did. */
  failedLater: Spread.nullable().optional(),
  sessionsLost: Spread.nullable(),
  /** Null where no call brought a handle; absent from older results. */
  handles: Spread.nullable().optional(),
  handlesRefused: Spread.nullable().optional(),
  errorsStopMs: Spread.nullable(),
  rebalanceMs: Spread.nullable(),
  p99DuringUs: Spread.nullable(),
  /** Share of the calls that ended before it, back to the fault before or the start, that did not end `ok`. */
  failedBefore: Spread.nullable(),
});
export type FaultSummary = z.infer<typeof FaultSummary>;

export const Repetition = Summary.extend({
  /** From 0 within its variant. */
  index: count,
  /** Place in the counterbalanced order of all trials, from 0. */
  order: count,
  startedAt: z.string(),
  /** False when the trial was interrupted; its figures cover what was measured. */
  complete: z.boolean(),
  generator: Generator,
  /** What the windows come to. */
  timeline: Timeline,
  /** Absent where no threshold asks for times of windows, and from older results. */
  windowTimes: z.array(WindowTimes).optional(),
  /** What happened during the trial that a reader should know, in words: `instance 2 exited with code 1 during the run`. */
  notes: z.array(z.string()),
  /** The same as records, in the same order. Absent from older results. */
  observations: z.array(Note).optional(),
  /** In order of time; absent without faults in the profile. */
  faults: z.array(FaultEffect).optional(),
  /** What the server said of keeping its results, asked before the load; in the first repetition of a variant with cacheable calls only. */
  inspection: Inspection.optional(),
});
export type Repetition = z.infer<typeof Repetition>;

/** Why the times of a variant are not those of answers of the server. */
export const Caveat = z.discriminatedUnion('kind', [
  /** The generator was the bottleneck in a repetition. */
  z.object({ kind: z.literal('generator-bound') }),
  /** The generator sent calls or read answers so late in a repetition that it is a notable part of the times. */
  z.object({ kind: z.literal('generator-late') }),
  /** So many of the due calls failed that times are not only those of answers. */
  z.object({ kind: z.literal('failed-calls'), share: z.number().min(0).max(1) }),
]);
export type Caveat = z.infer<typeof Caveat>;

export const VariantResult = z.object({
  name: z.string(),
  /** The variant that it is compared with. Absent: the first one with the same question, or of all. */
  base: z.string().optional(),
  /** What it helps to answer. Absent: the profile does not say. */
  question: z.string().optional(),
  settings: VariantSettings,
  repetitions: z.array(Repetition),
  /** All repetitions together, percentiles from merged histograms; null when no repetition was measured. */
  summary: Summary.nullable(),
  /** What keeps its times from being compared; empty when nothing does. */
  caveats: z.array(Caveat),
  /** Whether a queue grew until the end: more calls were unanswered than are under way at any time. */
  fellBehind: z.boolean(),
  /** Metrics over the repetitions that ran to the end, by path into a summary (`responseTime.p99Us`); null when no repetition had it. */
  spreads: z.record(z.string(), Spread.nullable()),
  /** Response times over the measured time, in consecutive spans. Absent from older results. */
  overTime: z.array(Span).optional(),
  /** The histogram of the response times, on a logarithmic scale; empty when no call had one. */
  bins: z.array(Bin),
  /** The faults over all repetitions that ran to the end, in order of time; absent without faults. */
  faults: z.array(FaultSummary).optional(),
});
export type VariantResult = z.infer<typeof VariantResult>;

/** With fewer pairs of repetitions nothing is decided. */
export const MINIMUM_REPETITIONS = 3;

/** The margin of comparisons: a difference below this share is not worth a word, however certain. */
export const MINIMUM_EFFECT = 0.02;

/** A ratio candidate/base over repetitions, without what drifted from trial to trial. */
export const Comparison = z.object({
  /** A path into a summary: `responseTime.p99Us`. */
  metric: z.string(),
  base: z.string(),
  candidate: z.string(),
  ratio: z.number().nullable(),
  /**
   * The interval at the level at which the claim was tested, so that all claims of a result hold together at 95 %; not rounded. Null
   * without a ratio, and of shares, which are compared by difference.
   */
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  verdict: z.enum(['better', 'worse', 'same', 'undecided']),
  /** Why it is undecided; null when it is decided. */
  because: z
    .enum([
      /** Fewer than {@link MINIMUM_REPETITIONS} ran to the end on both sides. */
      'too-few-repetitions',
      /** A repetition has no value: no call had a time, no instance named itself. */
      'no-samples',
      /** The generator was the bottleneck in a repetition. */
      'generator-bound',
      /** More calls of the better side failed or were refused, also rightly, and these may have been answered fast. */
      'unlike-failures',
      /** The interval allows more than one answer. */
      'wide-interval',
    ])
    .nullable(),
  /** Repetitions that ran to the end on both sides. */
  repetitions: count,
  /** Whether it compares like with like: neither side has a caveat that concerns the metric. */
  alike: z.boolean(),
});
export type Comparison = z.infer<typeof Comparison>;

/** How a metric changed from the first trial to the last, apart from the differences between variants. */
export const Drift = z.object({
  /** A path into a summary: `responseTime.p99Us`. */
  metric: z.string(),
  /** The last trial over the first. */
  ratio: z.number(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  /** Whether the change is larger than chance makes it, and large enough to matter. */
  notable: z.boolean(),
});
export type Drift = z.infer<typeof Drift>;

const Status = z.enum(['pass', 'fail', 'inconclusive']);

/** One threshold on one variant. */
export const Check = z.object({
  variant: z.string(),
  /** As the user wrote it. */
  threshold: z.string(),
  status: Status,
  /** For people; absent when nothing could be measured. */
  measured: z.string().optional(),
  /** One sentence, unless it passed; also among the reasons of the verdict. */
  reason: z.string().optional(),
  /** Why it could neither pass nor fail, as a clause: a part of the reason. Absent from older results. */
  why: z.string().optional(),
});
export type Check = z.infer<typeof Check>;

export const Verdict = z.object({
  /** `none`: no thresholds were set, so nothing could fail. */
  status: z.enum([...Status.options, 'none']),
  reasons: z.array(z.string()),
  /** Every threshold on every variant it is for, in the order of the thresholds; absent without thresholds. */
  checks: z.array(Check).optional(),
});
export type Verdict = z.infer<typeof Verdict>;

export const ResultDocument = z.object({
  schema: z.literal('paceline/result@1'),
  paceline: z.string(),
  createdAt: z.string(),
  seed: z.int(),
  /** False while trials are outstanding and after an interruption. */
  complete: z.boolean(),
  profile: z.record(z.string(), z.unknown()),
  /** Its file, as the user named it. Absent from older results. */
  profileFile: z.string().optional(),
  /** The arguments after `paceline` that started the run, without credentials. Absent when a program started it, and from older results. */
  command: z.array(z.string()).optional(),
  /** Of the code in whose folder the run was started. Absent outside of a repository, and from older results. */
  revision: Revision.optional(),
  machine: Machine,
  variants: z.array(VariantResult),
  comparisons: z.array(Comparison),
  /** Absent from older results. */
  drifts: z.array(Drift).optional(),
  /** Of the variants with three repetitions at least that ran to the end. Absent from older results. */
  noise: z.array(VariantNoise).optional(),
  verdict: Verdict,
});
export type ResultDocument = z.infer<typeof ResultDocument>;
