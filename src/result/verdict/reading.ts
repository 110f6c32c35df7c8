/** @module What a threshold bounds, as a summary has it. */

import type { MetricUnit } from '../../profile/section/bound.ts';
import type { Statistic } from '../../profile/section/bounded-metric.ts';
import type { Threshold } from '../../profile/section/threshold.ts';
import { counted } from '../../units/words.ts';
import type { Summary } from '../document.ts';
import type { Distribution } from '../measure/distribution.ts';
import { figuresIn, metricsOf, type QuantityMetric } from '../measure/metrics.ts';
import type { Quantities } from '../measure/quantities.ts';
import { type Metric, type PartTimes, partSeries, type Quantity, type Range } from '../measure/quantity.ts';
import { NO_TIMES, okResponseTime, responseTime } from '../measure/times.ts';
import { type Scope, scopeOf } from './scope.ts';
import { type Missing, statisticIn, type Times, type Value } from './value.ts';

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
  const scope = scopeOf(threshold, summary);
  const scalar = metricsOf(quantities).find(({ metric }) =>
    statistic === undefined ? metric.name === name : isStatistic(metric.statistic, threshold),
  );
  if (scalar !== undefined) return readScalar(threshold, summary, scalar, scope);
  const part = quantities.flatMap((quantity) => partOf(quantity, name) ?? [])[0];
  if (part !== undefined) {
    const found = 'missing' in scope ? scope : statisticIn(partIn(threshold, summary, part), statistic!);
    return { found, unit: 'time', label: name };
  }
  const quantity = quantities.find(({ times }) => times?.word === name)!;
  return {
    found: 'missing' in scope ? scope : statisticIn(timesIn(scope, quantity), statistic!),
    unit: 'time',
    label: name,
    ...(quantity.times!.isOfTheRun ? { despiteGenerator: 'all' } : { isOfAnswers: true }),
    ...(quantity.name === okResponseTime.name &&
      !('missing' in scope) &&
      besides(threshold, summary, scope, statistic!)),
  };
}

function readScalar(
  threshold: Threshold,
  summary: Summary,
  { quantity, metric }: QuantityMetric,
  scope: Scope | Missing,
): Reading {
  const figures = figuresIn(summary, quantity);
  const found = 'missing' in scope ? scope : scalarIn(threshold, summary, { quantity, metric }, scope);
  const despiteGenerator = partDespiteGenerator(threshold, metric, figures, found);
  const range = figures && metric.range?.(figures);
  return {
    found,
    unit: metric.unit,
    label: metric.label,
    ...(despiteGenerator !== undefined && { despiteGenerator }),
    ...(range && { range }),
  };
}

/** Whether `threshold` writes a metric as this statistic. */
function isStatistic(written: Metric['statistic'], { metric, statistic }: Threshold): boolean {
  const percentile = typeof statistic === 'object' ? statistic.percentile : undefined;
  return written?.word === metric && written.percentile === percentile;
}

/** What a time of successful calls leaves out. Time-outs are counted for all calls together only. */
function besides(
  { call, instance }: Threshold,
  summary: Summary,
  scope: Scope,
  statistic: Statistic,
): Pick<Reading, 'timedOut' | 'ofAll'> {
  return {
    ofAll: statisticIn(timesIn(scope, responseTime as Quantity), statistic),
    ...(call === undefined && instance === undefined && { timedOut: summary.calls.outcomes.timeout ?? 0 }),
  };
}

function scalarIn(
  { call, instance, identity, flow }: Threshold,
  summary: Summary,
  { quantity, metric }: Pick<QuantityMetric, 'quantity' | 'metric'>,
  { figures: scoped }: Scope,
): Value {
  const figures = figuresIn(summary, quantity);
  const read = (): readonly [number | null | undefined, string] => {
    if (identity !== undefined)
      return [figures && metric.byIdentity?.(figures, identity, call), metric.absent];
    if (flow !== undefined) return [figures && metric.byFlow?.(figures, flow), metric.absent];
    if (instance !== undefined)
      return [metric.byInstance!.read(summary.byInstance[instance]!), metric.byInstance!.absent];
    if (call !== undefined) return [metric.byCall!.read(summary.byCall[call]!), metric.byCall!.absent];
    return [figures && metric.read(figures), metric.absent];
  };
  const [value, missing] = read();
  if (value !== undefined && value !== null) return { value };
  const times = quantity.times && (figuresIn(scoped, quantity) as Distribution | undefined);
  if (times !== undefined && times.count > 0)
    return { missing: `${counted(times.count, 'call is', 'calls are')} too few for this percentile` };
  const fromServer = figures !== undefined && (metric.fromServer === true || isFromServer(quantity));
  return { missing, fromServer };
}

function partDespiteGenerator(
  { call, instance, identity }: Threshold,
  { despiteGenerator }: Metric,
  figures: NonNullable<unknown> | undefined,
  found: Value,
): Reading['despiteGenerator'] {
  if (despiteGenerator === undefined || despiteGenerator === 'always') return despiteGenerator && 'all';
  // Wrong decisions are the server's, whoever called.
  if (identity !== undefined) return 'value' in found ? found.value : undefined;
  return (call ?? instance) === undefined && figures !== undefined
    ? despiteGenerator.serverPart(figures)
    : undefined;
}

/** Whether every call that was due should have such a time: one of a quantity about the server. */
const isFromServer = ({ times }: Quantity): boolean => times !== undefined && !times.isOfTheRun;

function timesIn({ figures, series }: Scope, quantity: Quantity): Times {
  const of = figuresIn(figures, quantity) as Distribution | undefined;
  const missing = quantity.name === okResponseTime.name ? 'no call ended ok' : NO_TIMES;
  return {
    of,
    histogram: series(quantity.name),
    none: { missing, fromServer: of !== undefined && isFromServer(quantity) },
  };
}

type KnownPart = readonly [quantity: Quantity, part: PartTimes];

function partOf(quantity: Quantity, word: string): readonly KnownPart[] {
  return (quantity.parts ?? []).filter((part) => part.word === word).map((part) => [quantity, part]);
}

/** Of one flow no histogram is kept. */
function partIn({ flow }: Threshold, summary: Summary, [quantity, part]: KnownPart): Times {
  const figures = figuresIn(summary, quantity);
  return {
    of: figures && (flow === undefined ? part.read(figures) : part.byFlow?.(figures, flow)),
    histogram: flow === undefined ? summary.histograms[partSeries(quantity.name, part.key)] : undefined,
    none: { missing: part.absent, fromServer: figures !== undefined && part.fromServer === true },
    what: part.of,
  };
}
