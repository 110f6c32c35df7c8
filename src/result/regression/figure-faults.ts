/** @module Figures of a repetition that do not follow from its counts and its histograms. No run writes such figures: they were edited, or damaged. */

import { decodeHistogram, meanOf, percentileOf } from '../../recording/histogram.ts';
import { counted } from '../../units/words.ts';
import type { MeasuredRepetition } from '../measured-result.ts';

/** The distributions of times that are checked against their histograms. */
const TIMES = ['responseTime', 'okResponseTime', 'serviceTime'] as const;
type Times = (typeof TIMES)[number];

/** The percentiles of a distribution, in rising order. */
const PERCENTILES = [
  ['p50Us', 50],
  ['p90Us', 90],
  ['p95Us', 95],
  ['p99Us', 99],
  ['p999Us', 99.9],
] as const;

/** By how much a figure may differ from what follows: a histogram of three digits has its times to 0.1 %, and older versions rounded otherwise. */
const TOLERANCE = 0.005;

/** The first figure that does not follow, as a clause; undefined when all do. */
export function figureFault(repetition: MeasuredRepetition): string | undefined {
  const fault = countFault(repetition) ?? rateFault(repetition);
  if (fault !== undefined) return fault;
  for (const name of TIMES) {
    const times = timesFault(repetition, name);
    if (times !== undefined) return times;
  }
  return undefined;
}

function countFault({ calls }: MeasuredRepetition): string | undefined {
  const { due, sent, dropped, ok, outcomes } = calls;
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (due !== sent + dropped)
    return `${counted(due, 'call was', 'calls were')} due, but ${sent} sent and ${dropped} dropped`;
  if (sent !== ended) return `${counted(sent, 'call was', 'calls were')} sent, but ${ended} ended`;
  return ok === (outcomes.ok ?? 0)
    ? undefined
    : `${counted(ok, 'call was', 'calls were')} ok, but ${outcomes.ok ?? 0} ended so`;
}

/** No more calls are ok than are answered, and rates are those of the calls that fell due, and of the answers that came, in the measured time. */
function rateFault({ calls, rate, windows = [] }: MeasuredRepetition): string | undefined {
  const { offeredPerSecond, achievedPerSecond, goodputPerSecond = 0, dueInTime = calls.due } = rate;
  if (goodputPerSecond > achievedPerSecond)
    return `${goodputPerSecond} calls per second were ok, but ${achievedPerSecond} answered`;
  const arrived = arrivedIn(windows);
  if (arrived === undefined) return undefined;
  const { answered, ok, lengthMs } = arrived;
  const rates = [
    { said: 'due', perSecond: offeredPerSecond, calls: dueInTime },
    { said: 'answered', perSecond: achievedPerSecond, calls: answered },
    { said: 'ok', perSecond: rate.goodputPerSecond, calls: ok },
  ];
  const wrong = rates.find(
    (one) => one.perSecond !== undefined && !isRateOf(one.perSecond, one.calls, lengthMs),
  );
  return (
    wrong &&
    `${wrong.perSecond} calls per second were ${wrong.said}, but ${wrong.calls} in ${lengthMs / 1000} s`
  );
}

/** The answers of all seconds, and how long these are together; undefined where the result does not have them, as older ones. */
function arrivedIn(windows: NonNullable<MeasuredRepetition['windows']>) {
  let [answered, ok, lengthMs] = [0, 0, 0];
  for (const { arrived, lengthMs: length } of windows) {
    if (arrived === undefined || length === undefined) return undefined;
    answered += arrived.answered;
    ok += arrived.ok;
    lengthMs += length;
  }
  return lengthMs === 0 ? undefined : { answered, ok, lengthMs };
}

/** Whether so many calls in a time that is known to a millisecond are a rate. */
function isRateOf(perSecond: number, calls: number, lengthMs: number): boolean {
  const expected = (perSecond * lengthMs) / 1000;
  return Math.abs(expected - calls) <= 1 + TOLERANCE * calls + perSecond / 1000;
}

function timesFault({ histograms, ...figures }: MeasuredRepetition, name: Times): string | undefined {
  const times = figures[name];
  if (times === undefined) return undefined;
  const steps = [...PERCENTILES.map(([key]) => times[key]), times.maxUs];
  if (steps.some((us, at) => at > 0 && us < steps[at - 1]!)) {
    return `the percentiles of ${name} are not in order`;
  }
  const encoded = histograms[name];
  if (encoded === undefined) return undefined;
  const histogram = decoded(encoded);
  if (histogram === undefined) return `the histogram of ${name} cannot be read`;
  if (histogram.totalCount !== times.count)
    return `${name} is of ${counted(times.count, 'call')}, but its histogram of ${histogram.totalCount}`;
  const other = PERCENTILES.find(
    ([key, percentile]) => !isNear(times[key], Math.min(percentileOf(histogram, percentile), times.maxUs)),
  );
  if (other !== undefined) return `the ${other[0]} of ${name} is not that of its histogram`;
  return isNear(times.meanUs, meanOf(histogram))
    ? undefined
    : `the meanUs of ${name} is not that of its histogram`;
}

function decoded(encoded: string): ReturnType<typeof decodeHistogram> | undefined {
  try {
    return decodeHistogram(encoded);
  } catch {
    return undefined;
  }
}

const isNear = (us: number, expected: number): boolean => Math.abs(us - expected) <= 1 + TOLERANCE * expected;
