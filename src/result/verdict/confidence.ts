/** @module A threshold in confidence: on the interval of the mean over repetitions. */
import type { Threshold } from '../../profile/section/threshold.ts';
import { MINIMUM_REPETITIONS, type Summary, type VariantResult } from '../document.ts';
import type { Quantities } from '../measure/quantities.ts';
import { deviationOf, type Interval, meanInterval, meanOf, reachOf } from '../statistics/mean.ts';
import { holds } from './comparators.ts';
import { failureRate, tooManyFailures } from './failures.ts';
import { formatValue } from './format-value.ts';
import { BOTTLENECK, isBound, lateBy, lateness } from './generator.ts';
import { type Judged, open } from './judged.ts';
import { type Reading, readMetric } from './reading.ts';
import { withoutSamples } from './whole.ts';

/** A larger number of repetitions is not worth naming. */
const MOST_REPETITIONS = 1000;

/**
 * How a threshold with a confidence is judged: by Student's interval of the mean of the value that each repetition that ran to the end
 * has. It passes when the whole interval keeps the bound, fails when all of it is beyond, and is undecided otherwise.
 */
export function judgeMean(
  threshold: Confident,
  result: VariantResult,
  summary: Summary,
  all: readonly Threshold[],
  quantities: Quantities,
): Judged {
  const whole = readMetric(threshold, summary, quantities);
  if ('missing' in whole.found && whole.found.fromServer === true && summary.calls.due > 0)
    return withoutSamples(whole.found, result);
  const ran = result.repetitions.filter(({ complete }) => complete);
  const readings = ran.map((one) => readMetric(threshold, one, quantities).found);
  const without = readings.findIndex((found) => 'missing' in found);
  if (without >= 0) {
    const { missing } = readings[without] as { readonly missing: string };
    return open(`repetition ${ran[without]!.index + 1}: ${missing}`);
  }
  const values = readings.flatMap((found) => ('value' in found ? found.value : []));
  if (values.length < MINIMUM_REPETITIONS) {
    const have = `${values.length} ${values.length === 1 ? 'repetition is' : 'repetitions are'}`;
    return open(`${have} too few for an interval, it needs ${MINIMUM_REPETITIONS}`);
  }
  return judgeInterval(threshold, whole, values, result, () =>
    whole.isOfAnswers
      ? tooManyFailures(threshold, result.name, failureRate(threshold, summary), all)
      : undefined,
  );
}

type Confident = Threshold & { readonly confidence: number };

function judgeInterval(
  threshold: Confident,
  reading: Reading,
  values: readonly number[],
  result: VariantResult,
  failures: () => string | undefined,
): Judged {
  const { confidence, bound } = threshold;
  const interval = meanInterval(values, 1 - confidence)!;
  const { low, high } = interval;
  const measured = inWords(reading, meanOf(values), interval, confidence);
  if (isBound(result) && reading.despiteGenerator !== 'all') return open(BOTTLENECK, measured);
  if (holds(threshold, low) && holds(threshold, high)) {
    const many = failures();
    return many === undefined ? { status: 'pass', measured } : open(many, measured);
  }
  if (bound >= low && bound <= high) {
    const needed = repetitionsNeeded(values, threshold);
    const more = needed === undefined ? '' : `; about ${needed} would tell if they vary as these do`;
    return open(`the bound is within the interval of ${values.length} repetitions${more}`, measured);
  }
  const lateUs = reading.isOfAnswers ? lateness(result) : 0;
  const isLate = lateUs > 0 && holds(threshold, low - lateUs);
  return isLate ? open(lateBy(lateUs), measured) : { status: 'fail', measured };
}

function inWords(reading: Reading, centre: number, { low, high }: Interval, confidence: number): string {
  // Nothing that is measured is below 0, where its mean is not.
  const lowest = centre < 0 ? low : Math.max(0, low);
  const [at, from, to] = [centre, lowest, high].map((value) =>
    formatValue({ ...reading, timedOut: 0 }, value),
  );
  return `${at} (${from} to ${to} with ${Number((confidence * 100).toPrecision(4))} %)`;
}

/** How many repetitions in all would have an interval without the bound, with this mean and deviation; undefined when very many. */
function repetitionsNeeded(values: readonly number[], { bound, confidence }: Confident): number | undefined {
  const deviation = deviationOf(values);
  const distance = Math.abs(meanOf(values) - bound);
  for (let count = values.length + 1; count <= MOST_REPETITIONS; count += 1) {
    if (reachOf(deviation, count, 1 - confidence) < distance) return count;
  }
  return undefined;
}
