/** @module What a threshold over windows bounds in each of them. */
import type { MetricUnit } from '../../profile/section/bound.ts';
import type { Threshold } from '../../profile/section/threshold.ts';
import { decodeHistogram, percentileOf } from '../../recording/histogram.ts';
import { lowestLike } from '../../recording/window-times.ts';
import type { Repetition } from '../document.ts';
import { ERROR_RATE } from '../measure/calls.ts';
import { isSupported } from '../measure/distribution.ts';
import type { Range } from '../measure/quantity.ts';
import type { Window } from '../over-time.ts';
import { seriesOf } from './asked-times.ts';
import { holds } from './comparators.ts';
import { type Missing, tooFew, type Value } from './value.ts';

const SECOND_MS = 1000;

/** One window of a repetition, and what was found in it. */
export interface WindowReading {
  readonly fromMs: number;
  readonly toMs: number;
  /** Index of the repetition. */
  readonly repetition: number;
  readonly found: Value;
  readonly unit: MetricUnit;
  readonly label: string;
  /** Where the true value lies: times of windows are kept to two digits. */
  readonly range?: Range;
  /** Share of the calls that ended in it otherwise than `ok`, or were never sent. */
  readonly failureRate: number;
}

/** The seconds of one window. */
interface Part {
  readonly place: number;
  readonly seconds: readonly Window[];
}

/** The whole windows of a repetition, in order of time. */
export function windowsOf(
  threshold: Threshold & { readonly everyUs: number },
  repetition: Repetition,
): readonly WindowReading[] {
  const lengthMs = threshold.everyUs / 1000;
  const count = lengthMs / SECOND_MS;
  const whole = repetition.windows.filter((one) => (one.lengthMs ?? SECOND_MS) === SECOND_MS);
  return Array.from({ length: Math.floor(whole.length / count) }, (_, place) => {
    const part = { place, seconds: whole.slice(place * count, (place + 1) * count) };
    return {
      fromMs: place * lengthMs,
      toMs: (place + 1) * lengthMs,
      repetition: repetition.index,
      failureRate: errorRate(part) ?? 0,
      label: threshold.metric,
      ...readPart(threshold, part, repetition, lengthMs),
    };
  });
}

type Read = Pick<WindowReading, 'found' | 'unit' | 'range'>;

function readPart(threshold: Threshold, part: Part, repetition: Repetition, lengthMs: number): Read {
  const { metric, statistic } = threshold;
  if (statistic !== undefined) return readTimes(threshold, part, repetition, lengthMs);
  if (metric === ERROR_RATE) {
    if (!knowsDrops(part, repetition))
      return { unit: 'share', found: { missing: 'the result does not say when calls were dropped' } };
    const value = errorRate(part);
    return { unit: 'share', found: value === undefined ? none('no call ended', part) : { value } };
  }
  const answers = part.seconds.flatMap(({ arrived }) => arrived ?? []);
  if (answers.length < part.seconds.length)
    return { unit: 'rate', found: { missing: 'the result does not have the answers of each second' } };
  const calls = sumOf(answers, ({ answered, ok }) => (metric === 'goodput' ? ok : answered));
  const value = (calls * SECOND_MS) / lengthMs;
  // Where no call was due nothing is shown by the absence of answers.
  const isIdle = calls === 0 && dueIn(part) === 0 && holds(threshold, value);
  return { unit: 'rate', found: isIdle ? { missing: 'no call was due' } : { value } };
}

/** A percentile or the longest of the times that ended in the window. */
function readTimes(
  { metric, statistic }: Threshold,
  part: Part,
  { windowTimes = [] }: Repetition,
  lengthMs: number,
): Read {
  const series = seriesOf(metric);
  const kept = windowTimes.find((one) => one.lengthMs === lengthMs && one.series === series);
  const encoded = kept?.histograms[part.place];
  const unit = 'time';
  if (encoded === undefined)
    return {
      unit,
      found: { missing: 'the result does not keep these times: put the threshold into its profile' },
    };
  const histogram = decodeHistogram(encoded);
  const { totalCount } = histogram;
  if (totalCount === 0)
    return {
      unit,
      found: none(series === 'okResponseTime' ? 'no call ended ok' : 'no call ended with a time', part),
    };
  const percentile = typeof statistic === 'object' ? statistic.percentile : 100;
  if (percentile < 100 && !isSupported(percentile, totalCount))
    return { unit, found: tooFew(percentile, totalCount) };
  const value = percentileOf(histogram, percentile);
  const why = 'the bound is closer to it than the two digits to which windows keep times';
  return { unit, found: { value }, range: { low: lowestLike(value), high: value, why } };
}

/** Of the calls that ended in the window or fell due in it and were never sent; undefined without any. */
function errorRate({ seconds }: Part): number | undefined {
  const errors = sumOf(seconds, ({ errors, byDue }) => errors + (byDue?.dropped ?? 0));
  const ended = errors + sumOf(seconds, ({ ok }) => ok);
  return ended > 0 ? errors / ended : undefined;
}

/** Older results do not say when calls were dropped. */
const knowsDrops = ({ seconds }: Part, { calls }: Repetition): boolean =>
  calls.dropped === 0 || seconds.every(({ byDue }) => byDue?.dropped !== undefined);

const none = (missing: string, part: Part): Missing => ({ missing, fromServer: dueIn(part) > 0 });

/** Calls that fell due in the window; 0 where that is not known. */
const dueIn = ({ seconds }: Part): number => sumOf(seconds, ({ byDue }) => byDue?.due ?? 0);

const sumOf = <One>(list: readonly One[], count: (one: One) => number): number =>
  list.reduce((sum, one) => sum + count(one), 0);
