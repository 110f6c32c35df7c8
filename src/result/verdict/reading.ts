/** @module What a threshold bounds, as a summary has it. */
import type { MetricUnit } from '../../profile/section/bound.ts';
import type { Statistic, Threshold } from '../../profile/section/threshold.ts';
import { decodeHistogram, percentileOf } from '../../recording/histogram.ts';
import { formatMicros } from '../../units/time.ts';
import type { Summary } from '../document.ts';
import { type Distribution, isSupported } from '../measure/distribution.ts';
import { figuresIn, metricsOf, type QuantityMetric } from '../measure/metrics.ts';
import type { Quantities } from '../measure/quantities.ts';
import {
  callSeries,
  type Metric,
  type PartTimes,
  partSeries,
  type Quantity,
  type Range,
} from '../measure/quantity.ts';
import { NO_TIMES, okResponseTime, responseTime } from '../measure/times.ts';

/** A value in the unit of the bound, or why there is none. */
type Value = { readonly value: number } | { readonly missing: string };

/** What was found for a threshold. */
export interface Reading {
  readonly found: Value;
  readonly unit: MetricUnit;
  /** Of a count, what is counted. */
  readonly label: string;
  /** What of the value the server caused however late the generator was: all of it, or so much; nothing when absent. */
  readonly despiteGenerator?: 'all' | number;
  /** Where the true value lies, when the found one is an estimate. */
  readonly range?: Range;
  /** Whether it is a time of calls that the server answered. */
  readonly isOfAnswers?: boolean;
  /** Calls that it leaves out because no answer came in time: their times are longer than was waited for. */
  readonly timedOut?: number;
  /** The same of all calls, those that failed or timed out included. */
  readonly ofAll?: Value;
}

/** Reads the metric of `threshold` from `summary`. The threshold was parsed with the metrics of `quantities`. */
export function readMetric(threshold: Threshold, summary: Summary, quantities: Quantities): Reading {
  const { metric: name, statistic } = threshold;
  const scalar = metricsOf(quantities).find(({ metric }) =>
    statistic === undefined ? metric.name === name : isStatistic(metric.statistic, threshold),
  );
  if (scalar !== undefined) return readScalar(threshold, summary, scalar);
  const part = quantities.flatMap((quantity) => partOf(quantity, name) ?? [])[0];
  if (part !== undefined) {
    return { found: statisticIn(partIn(summary, part), statistic!), unit: 'time', label: name };
  }
  const quantity = quantities.find(({ times }) => times?.word === name)!;
  return {
    found: callMissing(threshold, summary) ?? timesStatistic(summary, quantity, threshold, statistic!),
    unit: 'time',
    label: name,
    ...(quantity.times!.isOfTheRun ? { despiteGenerator: 'all' } : { isOfAnswers: true }),
    ...(quantity.name === okResponseTime.name && besides(threshold, summary, statistic!)),
  };
}

function readScalar(threshold: Threshold, summary: Summary, known: QuantityMetric): Reading {
  const despiteGenerator = partDespiteGenerator(threshold, summary, known);
  const figures = figuresIn(summary, known.quantity);
  const range = figures && known.metric.range?.(figures);
  return {
    found: callMissing(threshold, summary) ?? scalarIn(threshold, summary, known),
    unit: known.metric.unit,
    label: known.metric.label,
    ...(despiteGenerator !== undefined && { despiteGenerator }),
    ...(range && { range }),
  };
}

/** Whether `threshold` writes a metric as this statistic. */
function isStatistic(written: Metric['statistic'], { metric, statistic }: Threshold): boolean {
  const percentile = typeof statistic === 'object' ? statistic.percentile : undefined;
  return written?.word === metric && written.percentile === percentile;
}

/** What a time of successful calls leaves out. Time-outs are not counted per kind of call. */
function besides(
  threshold: Threshold,
  summary: Summary,
  statistic: Statistic,
): Pick<Reading, 'timedOut' | 'ofAll'> {
  if (callMissing(threshold, summary) !== undefined) return {};
  return {
    ofAll: timesStatistic(summary, responseTime as Quantity, threshold, statistic),
    ...(threshold.call === undefined && { timedOut: summary.calls.outcomes.timeout ?? 0 }),
  };
}

/** A value for people: `80 ms`, `1.98 %`, `3 sessions lost`. */
export function formatValue(reading: Reading, value: number): string {
  const { timedOut = 0 } = reading;
  const without =
    timedOut === 0 ? '' : ` (without ${timedOut} ${timedOut === 1 ? 'call' : 'calls'} that timed out)`;
  return inUnit(reading, value) + without;
}

function inUnit({ unit, label }: Reading, value: number): string {
  switch (unit) {
    case 'time':
      return formatMicros(value);
    case 'share':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'rate':
      return `${Number(value.toPrecision(4))}/s`;
    case 'count':
      return `${value} ${label}`;
    case 'fraction':
    case 'ratio':
      return String(Number(value.toPrecision(3)));
  }
}

function callMissing({ call }: Threshold, { byCall }: Summary): Value | undefined {
  if (call === undefined || Object.hasOwn(byCall, call)) return undefined;
  const known = Object.keys(byCall).map((name) => `"${name}"`);
  return { missing: `no call is named "${call}"; the mix has ${known.join(', ')}` };
}

function scalarIn({ call }: Threshold, summary: Summary, { quantity, metric }: QuantityMetric): Value {
  const figures = figuresIn(summary, quantity);
  const [value, absent] =
    call === undefined
      ? [figures === undefined ? undefined : metric.read(figures), metric.absent]
      : [metric.byCall!.read(summary.byCall[call]!), metric.byCall!.absent];
  return value === undefined || value === null ? { missing: absent } : { value };
}

function partDespiteGenerator(
  { call }: Threshold,
  summary: Summary,
  { quantity, metric: { despiteGenerator } }: QuantityMetric,
): Reading['despiteGenerator'] {
  if (despiteGenerator === undefined || despiteGenerator === 'always') return despiteGenerator && 'all';
  const figures = figuresIn(summary, quantity);
  return call === undefined && figures !== undefined ? despiteGenerator.serverPart(figures) : undefined;
}

/** A distribution with what a threshold needs of it. */
interface Times {
  readonly of: Distribution | undefined | null;
  readonly histogram: string | undefined;
  readonly absent: string;
  /** What has such a time; absent: calls. */
  readonly what?: string | undefined;
}

function timesStatistic(
  summary: Summary,
  quantity: Quantity,
  { call }: Threshold,
  statistic: Statistic,
): Value {
  const figures = (call === undefined ? summary : summary.byCall[call]!) as Partial<Summary>;
  const of = figuresIn(figures, quantity) as Distribution | undefined;
  const histogram = summary.histograms[call === undefined ? quantity.name : callSeries(quantity.name, call)];
  return statisticIn({ of, histogram, absent: noTimes(quantity) }, statistic);
}

type KnownPart = readonly [quantity: Quantity, part: PartTimes];

function partOf(quantity: Quantity, word: string): readonly KnownPart[] {
  return (quantity.parts ?? []).filter((part) => part.word === word).map((part) => [quantity, part]);
}

function partIn(summary: Summary, [quantity, part]: KnownPart): Times {
  const figures = figuresIn(summary, quantity);
  const histogram = summary.histograms[partSeries(quantity.name, part.key)];
  return { of: figures && part.read(figures), histogram, absent: part.absent, what: part.of };
}

function statisticIn({ of, histogram, absent, what = 'calls' }: Times, statistic: Statistic): Value {
  if (!of || of.count === 0) return { missing: absent };
  if (statistic === 'mean') return { value: of.meanUs };
  if (statistic === 'max' || statistic.percentile === 100) return { value: of.maxUs };
  const { percentile } = statistic;
  if (!isSupported(percentile, of.count)) {
    const needed = Math.ceil(100 / (100 - percentile) - 1e-6);
    return { missing: `${of.count} ${what} are too few for this percentile, it needs ${needed}` };
  }
  if (histogram === undefined) return { missing: 'the result has no histogram of it' };
  return { value: Math.min(percentileOf(decodeHistogram(histogram), percentile), of.maxUs) };
}

const noTimes = ({ name }: Quantity): string =>
  name === okResponseTime.name ? 'no call ended ok' : NO_TIMES;
