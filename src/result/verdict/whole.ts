/** @module A threshold on the measured time of all repetitions together. */
import type { Threshold } from '../../profile/section/threshold.ts';
import type { Summary, VariantResult } from '../document.ts';
import type { Quantities } from '../measure/quantities.ts';
import { holds } from './comparators.ts';
import { failureRate, tooManyFailures } from './failures.ts';
import { formatValue } from './format-value.ts';
import { BOTTLENECK, isBound, lateBy, lateness } from './generator.ts';
import { type Judged, open } from './judged.ts';
import { type Reading, readMetric } from './reading.ts';
import type { Missing } from './value.ts';

/** How `threshold` is judged on the figures of all repetitions; `all` are the thresholds of the profile. */
export function judgeWhole(
  threshold: Threshold,
  result: VariantResult,
  summary: Summary,
  all: readonly Threshold[],
  quantities: Quantities,
): Judged {
  const reading = readMetric(threshold, summary, quantities);
  // Without a call there are no samples of anything, also where a count of them reads 0.
  const found = summary.calls.due === 0 ? NO_CALL : reading.found;
  const isLimited = isBound(result) && !isSure(threshold, reading);
  if ('missing' in found) {
    return (isLimited ? undefined : failedByAll(threshold, reading)) ?? withoutSamples(found, result);
  }

  const measured = formatValue(reading, found.value);
  if (isLimited) return open(BOTTLENECK, measured);
  const { range } = reading;
  if (range !== undefined && holds(threshold, range.low) !== holds(threshold, range.high)) {
    return open(range.why, measured);
  }
  if (!holds(threshold, found.value)) {
    const lateUs = reading.isOfAnswers ? lateness(result) : 0;
    const isLate = lateUs > 0 && holds(threshold, found.value - lateUs);
    return isLate ? open(lateBy(lateUs), measured) : { status: 'fail', measured };
  }
  const failures = reading.isOfAnswers
    ? tooManyFailures(threshold, result.name, failureRate(threshold, summary), all)
    : undefined;
  if (failures === undefined) return { status: 'pass', measured };
  return failedByAll(threshold, reading) ?? open(failures, measured);
}

/**
 * Without a value a threshold never passes. It fails where calls were due that should have one and none had: the server gave none.
 * Where the run itself could not tell (the generator was the bottleneck, a trial was cut off, nothing of the kind was to be expected) it
 * is undecided.
 */
export function withoutSamples({ missing, fromServer }: Missing, result: VariantResult): Judged {
  const couldTell = !isBound(result) && result.repetitions.every(({ complete }) => complete);
  return fromServer === true && couldTell ? { status: 'fail', why: missing } : open(missing);
}

/**
 * An upper bound that the times of successful calls cannot decide fails when those of all calls exceed it: whoever waited for a call that
 * failed or timed out waited longer than the bound, too. Undefined when they do not exceed it.
 */
function failedByAll(threshold: Threshold, reading: Reading): Judged | undefined {
  const { ofAll } = reading;
  if (ofAll === undefined || 'missing' in ofAll || !threshold.comparator.startsWith('<')) return undefined;
  if (holds(threshold, ofAll.value)) return undefined;
  const measured = `${formatValue({ ...reading, timedOut: 0 }, ofAll.value)} (failed calls included)`;
  return { status: 'fail', measured };
}

const NO_CALL: Missing = { missing: 'no call was due' };

/** Whether it can be judged although the generator was the bottleneck. */
function isSure(threshold: Threshold, { despiteGenerator }: Reading): boolean {
  if (typeof despiteGenerator !== 'number') return despiteGenerator === 'all';
  const { comparator, bound } = threshold;
  if (comparator === '==') return despiteGenerator > bound;
  return comparator.startsWith('<') && !holds(threshold, despiteGenerator);
}
