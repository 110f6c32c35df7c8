/** @module A threshold over windows: every whole one of every repetition must keep the bound. */
import type { Threshold } from '../../profile/section/threshold.ts';
import type { Micros } from '../../units/time.ts';
import type { VariantResult } from '../document.ts';
import { holds } from './comparators.ts';
import { tooManyFailures } from './failures.ts';
import { formatValue } from './format-value.ts';
import { BOTTLENECK, isBound, lateBy, lateness } from './generator.ts';
import { type Judged, open } from './judged.ts';
import { withoutSamples } from './whole.ts';
import { type WindowReading, windowsOf } from './window-reading.ts';

export type WindowThreshold = Threshold & { readonly everyUs: Micros };

/** How a threshold over windows is judged: by the window that is worst, which is named. */
export function judgeWindows(
  threshold: WindowThreshold,
  result: VariantResult,
  all: readonly Threshold[],
): Judged {
  const windows = result.repetitions.flatMap((repetition) => windowsOf(threshold, repetition));
  if (windows.length === 0)
    return open(`the measured time has no whole window of ${threshold.everyUs / 1e6} s`);
  const judged = windows.map((window) => judgeWindow(threshold, window, result, all));
  const failed = judged.filter(({ status }) => status === 'fail');
  const undecided = judged.filter(({ status }) => status === 'inconclusive');
  return failed[0] ?? undecided[0] ?? worst(threshold, windows, result);
}

function judgeWindow(
  threshold: WindowThreshold,
  window: WindowReading,
  result: VariantResult,
  all: readonly Threshold[],
): Judged {
  const { found, range } = window;
  const at = placeOf(window, result);
  if ('missing' in found) return withoutSamples({ ...found, missing: `${at}: ${found.missing}` }, result);
  const measured = `${formatValue(window, found.value)} ${at}`;
  if (isBound(result)) return open(BOTTLENECK, measured);
  if (range !== undefined && holds(threshold, range.low) !== holds(threshold, range.high))
    return open(range.why, measured);
  const isOfAnswers = threshold.statistic !== undefined;
  if (holds(threshold, found.value)) {
    const many = isOfAnswers ? tooManyFailures(threshold, result.name, window.failureRate, all) : undefined;
    return many === undefined ? { status: 'pass', measured } : open(many, measured);
  }
  const lateUs = isOfAnswers ? lateness(result) : 0;
  const isLate = lateUs > 0 && holds(threshold, found.value - lateUs);
  return isLate ? open(lateBy(lateUs), measured) : { status: 'fail', measured };
}

/** Of windows that all keep the bound, the one that is closest to it. */
function worst({ bound }: Threshold, windows: readonly WindowReading[], result: VariantResult): Judged {
  const distance = ({ found }: WindowReading): number =>
    'value' in found ? Math.abs(found.value - bound) : Infinity;
  const closest = windows.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  const value = 'value' in closest.found ? closest.found.value : 0;
  return { status: 'pass', measured: `${formatValue(closest, value)} ${placeOf(closest, result)}` };
}

/** `from 20 s to 30 s`, of several repetitions with the number of this one. */
function placeOf({ fromMs, toMs, repetition }: WindowReading, { repetitions }: VariantResult): string {
  const of = repetitions.length > 1 ? ` of repetition ${repetition + 1}` : '';
  return `from ${fromMs / 1000} s to ${toMs / 1000} s${of}`;
}
