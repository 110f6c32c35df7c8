/** @module What a quantity is: everything that is ever said of one measured thing, from its schema to its column in a table. */
import type { z } from 'zod';
import type { MetricUnit } from '../../profile/section/bound.ts';
import type { Series } from '../../recording/histogram.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Share } from '../statistics/shares.ts';
import type { CallFigures } from './by-call.ts';
import type { InstanceFigure } from './by-instance.ts';
import type { Distribution } from './distribution.ts';
import type { Totals } from './totals.ts';

/**
 * One measured thing. Its counts come from the recording, where a measure of `recording/measure` may have counted them; its
 * figures stand in every summary under its name. Thresholds, comparisons, CSV, tables, Markdown and headline all read
 * {@link metrics}: there is no second list. A new quantity is one file and one line in `quantities.ts`.
 *
 * @example
 * const auth: Quantity<'auth', AuthFigures> = {
 *   name: 'auth',
 *   schema: AuthFigures,
 *   figures: (recording, { sent }) => ({ failureRate: countsOf(recording, measure)!.failed / sent }),
 *   metrics: [
 *     {
 *       name: 'auth_failures',
 *       key: 'failureRate',
 *       label: 'share of calls that failed to authenticate',
 *       unit: 'share',
 *       better: 'lower',
 *       read: ({ failureRate }) => failureRate,
 *       absent: 'no call was sent',
 *     },
 *   ],
 * };
 */
export interface Quantity<Name extends string = string, Figures = unknown> {
  /** The key of its figures in a summary. */
  readonly name: Name;
  readonly schema: z.ZodType<Figures>;
  /** Its figures; null or undefined when it did not apply to the load. */
  figures(recording: Recording, totals: Totals): Figures;
  /** In the order of columns. */
  readonly metrics: readonly Metric<NonNullable<Figures>>[];
  /** Present when the figures are a distribution of times: statistics of it can be bounded, and the summary keeps its histogram. */
  readonly times?: Times;
  /** Distributions of times among its figures, each bounded and kept in the same way. */
  readonly parts?: readonly PartTimes<NonNullable<Figures>>[];
  /** What a reader of its columns in the table of results has to know, as sentences. */
  readonly note?: string;
  /** The table of its own on the page, which has the columns that ask for it. */
  readonly table?: OwnTable<NonNullable<Figures>>;
}

/** One figure of a quantity. */
export interface Metric<Figures = unknown> {
  /** Its word in thresholds: `error_rate`. */
  readonly name: string;
  /** Its key below the quantity in a summary: `errorRate`. Comparisons name it `calls.errorRate`. */
  readonly key: string;
  /** For people: `error rate`; of a count, as it reads after a number: `sessions lost`. */
  readonly label: string;
  /** What it is, as a clause, for readers who see nothing else of the report: `share of the due calls that did not end ok`. Absent: its label says it. */
  readonly meaning?: string;
  readonly unit: MetricUnit;
  readonly better: 'lower' | 'higher' | 'neither';
  /** Its value in {@link unit}; null or undefined when there were no samples of it. */
  read(figures: Figures): number | null | undefined;
  /** Why there may be no value, as a clause: `no call was due`. A threshold without a value never passes. */
  readonly absent: string;
  /** Its value for one kind of call, where that is known: thresholds may then name a call, `error_rate{tools/list}`. */
  readonly byCall?: ByCall;
  /** Its value for one instance, where that is known: `error_rate{instance:2}`. */
  readonly byInstance?: {
    read(instance: InstanceFigure): number | null | undefined;
    readonly absent: string;
  };
  /** Its value for one identity, of all its calls or of one kind, where that is known: `wrong_allows{identity:reader}`. */
  byIdentity?(figures: Figures, identity: string, call: string | undefined): number | null;
  /** Its value for one flow, where that is known: `flow_error_rate{flow:order}`. */
  byFlow?(figures: Figures, flow: string): number | null;
  /** Whether windows of the measured time have it: `error_rate < 1% every 10s` (`verdict/windows.ts`). */
  readonly overWindows?: true;
  /** Whether the server gives it with the calls that are due: a threshold fails if none had it. Absent: there may rightly be none, as of sessions that were re-opened. */
  readonly fromServer?: true;
  /** Whether variants are compared by it; `with-like-failures`: failed calls may be answered fast, so that the side with more of them is not called better. */
  readonly compared?: 'always' | 'with-like-failures';
  /** Whether two sides can be compared by it, and the comparison says something; absent: always, where the quantity applies to one of them. */
  comparable?(base: Figures, candidate: Figures): boolean;
  /** The counts that it is the quotient of: variants are then compared by an exact test of these, since a few events are no rate. */
  counted?(figures: Figures): Share;
  /** The load that it answers to: random arrivals offer one repetition more than another, and comparisons of open loops remove that. */
  offered?(figures: Figures): number;
  /** Whether its spread over the repetitions of a variant is kept though variants are not compared by it. */
  readonly hasSpread?: true;
  /** The statistic as which a threshold may write it, too: `auth added p(50)`. */
  readonly statistic?: { readonly word: string; readonly percentile: number };
  /** Where the true value lies, when what is read is an estimate; null when it is exact. A threshold is judged only if all of the range is on one side of its bound. */
  range?(figures: Figures): Range | null;
  /** Set when it can be judged although the generator was the bottleneck of the trial. */
  readonly despiteGenerator?: DespiteGenerator<Figures>;
  /** Its column in the CSV where that is not its name (with `_us` after it when it is a time). */
  readonly csv?: string;
  readonly column?: MetricColumn<Figures>;
}

/** The values that are possible, in the unit of the metric. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Why a bound within it can neither be kept nor broken, as a clause. */
  readonly why: string;
}

/** A metric of one kind of call. */
export interface ByCall {
  read(call: CallFigures): number | null | undefined;
  readonly absent: string;
  /** Head of its column in the table per kind of call; without it there is none. */
  readonly head?: string;
  /** Whether the value is bad news. */
  isBad?(call: CallFigures): boolean;
}

/**
 * `always`: it is about the run, not about the server. Otherwise the part of the value that the server alone caused, however
 * late the generator was: an upper bound that this part exceeds is broken all the same.
 */
type DespiteGenerator<Figures> = 'always' | { serverPart(figures: Figures): number };

/** How a metric stands in tables. */
export interface MetricColumn<Figures = unknown> {
  readonly head: string;
  /** Below the head where the unit's own word does not fit: `index`. */
  readonly unit?: string;
  /** `headline`: the few figures of the terminal and of Markdown; `results`: the table of results; `both`; `own`: the quantity's own table. */
  readonly in: 'headline' | 'results' | 'both' | 'own';
  /** Shows 1 minus the value: an error rate as the share of calls that were ok. */
  readonly complement?: true;
  /** Whether a variant gives reason to show it; where none does, there is no column. Absent: every variant does. */
  shownFor?(figures: Figures): boolean;
  /** Whether the value is bad news. */
  isBad?(figures: Figures): boolean;
}

/** A distribution of times. */
export interface Times {
  series(recording: Recording, totals: Totals): Series;
  /** What stands before a statistic in a threshold: `service_time p(99)`. */
  readonly word: string;
  /** Whether {@link word} may be left out: `p(99)`. */
  readonly isDefault: boolean;
  /** Whether the summary has the histogram of each kind of call, so that a threshold may name one. */
  readonly byCall: boolean;
  /** Whether the summary has it for each instance. */
  readonly byInstance?: true;
  /** Whether the response times of windows have it. */
  readonly overWindows?: true;
  /** Whether it is about the run, not about the server: it is judged although the generator was the bottleneck. */
  readonly isOfTheRun: boolean;
}

/** A distribution of times among the figures of a quantity. */
export interface PartTimes<Figures = unknown> {
  /** Its key below the quantity. The summary keeps its histogram under the name of both, {@link partSeries}. */
  readonly key: string;
  /** What stands before a statistic in a threshold: `auth p(99)`. */
  readonly word: string;
  series(recording: Recording): Series | undefined;
  read(figures: Figures): Distribution | null;
  /** That of one flow, where it is known: `flow p(99){flow:order}`. */
  byFlow?(figures: Figures, flow: string): Distribution | null | undefined;
  /** Why there may be none, as a clause. */
  readonly absent: string;
  /** What has such a time, in the plural; absent: calls. */
  readonly of?: string;
  /** As {@link Metric.fromServer}. */
  readonly fromServer?: true;
}

/** Where a summary keeps the histogram of a part: `auth.check`. */
export const partSeries = (quantity: string, part: string): string => `${quantity}.${part}`;

/** Where a summary keeps the histogram of one kind of call; `quantity` is `responseTime` or `okResponseTime`. */
export const callSeries = (quantity: string, name: string): string => `${quantity}{${name}}`;

/** A table of a quantity's own. */
interface OwnTable<Figures> {
  readonly title: string;
  /** Whether a variant with these figures is in it. */
  hasRow(figures: Figures): boolean;
  /** What its reader has to know, from the figures of all variants in it. */
  note(all: readonly Figures[]): string;
}
