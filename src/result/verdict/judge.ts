/** @module Pass, fail, inconclusive or none, with reasons. */
import { parseThresholds, type Threshold } from '../../profile/section/threshold.ts';
import { formatMicros, type Micros } from '../../units/time.ts';
import type { Check, Repetition, VariantResult, Verdict } from '../document.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { isLagNote } from '../note.ts';
import { holds } from './comparators.ts';
import { tooManyFailures } from './failures.ts';
import { formatValue, type Reading, readMetric } from './reading.ts';

/** How many endings of failed calls a reason names. */
const MOST_ENDINGS = 3;

/**
 * The verdict on a result: `fail` when a check failed, else `inconclusive` when anything could not be judged, else `pass`, or `none` without
 * thresholds.
 *
 * A trial in which the generator was the bottleneck (`generator.bound`) says nothing about the server: times, rates and error rates
 * of its variant neither pass nor fail, and the verdict is inconclusive even without thresholds. Some checks hold all the same:
 * `send_lag` and `dropped`, which are about the run itself, and an `error_rate`, a number of wrong decisions or of wrong audit records
 * that answers alone put over its bound, since a late generator cannot make a server say no, or yes.
 *
 * Times pass only if few calls failed: a fast failure is no fast answer (`failures.ts`).
 *
 * An estimate passes or fails only with all of its range: an interval that contains the bound decides nothing, nor does a window
 * within the bound that was still open when the measured time ended.
 *
 * Nothing is proved by what did not happen either: without a variant, with one that was not measured or of which not one call
 * ended `ok`, and with `outstanding` trials that were not run, the verdict is inconclusive at best.
 *
 * Throws a `UserError` when a threshold cannot be read; the profile was checked for that before anything was run.
 */
export function judge(
  variants: readonly VariantResult[],
  thresholds: readonly string[],
  outstanding = 0,
  quantities: Quantities = QUANTITIES,
): Verdict {
  const checks = check(variants, thresholds, quantities);
  const failed = checks.filter(({ status }) => status === 'fail').map(({ reason }) => reason!);
  const open = [
    ...(variants.length === 0 ? ['nothing was measured: there is no variant'] : []),
    ...(outstanding === 0
      ? []
      : [`${outstanding === 1 ? '1 trial was' : `${outstanding} trials were`} not run`]),
    ...variants.flatMap(doubts),
    ...variants.flatMap(nothingGained),
    ...checks.filter(({ status }) => status === 'inconclusive').map(({ reason }) => reason!),
  ];
  const sound = checks.length > 0 ? 'pass' : 'none';
  const status = failed.length > 0 ? 'fail' : open.length > 0 ? 'inconclusive' : sound;
  const reasons = [...new Set([...failed, ...open])];
  return { status, reasons, ...(checks.length > 0 && { checks: [...checks] }) };
}

/** Every threshold on every variant it is for, in the order of the thresholds. */
export function check(
  variants: readonly VariantResult[],
  thresholds: readonly string[],
  quantities: Quantities = QUANTITIES,
): readonly Check[] {
  const all = parseThresholds(thresholds, boundedMetrics(quantities));
  return all.flatMap((threshold): readonly Check[] => {
    const { variant: wanted, text } = threshold;
    const meant = variants.filter(({ name }) => wanted === undefined || name === wanted);
    if (meant.length > 0) return meant.map((variant) => checkOne(threshold, variant, all, quantities));
    const names = variants.map(({ name }) => `"${name}"`).join(', ');
    const why = `no variant is named "${wanted}"; there are ${names}`;
    const reason = `${text}: ${why}`;
    return [{ variant: wanted ?? '', threshold: text, status: 'inconclusive', reason, why }];
  });
}

function checkOne(
  threshold: Threshold,
  result: VariantResult,
  all: readonly Threshold[],
  quantities: Quantities,
): Check {
  const { text } = threshold;
  const own = { variant: result.name, threshold: text };
  const at = `${label(result.name)}${text}`;
  const open = (why: string, measured?: string): Check => ({
    ...own,
    status: 'inconclusive',
    ...(measured !== undefined && { measured }),
    reason: `${at}: ${measured === undefined ? why : `measured ${measured}, but ${why}`}`,
    why,
  });
  if (result.summary === null) return open('not measured');
  const reading = readMetric(threshold, result.summary, quantities);
  // Without a call there are no samples of anything, also where a count of them reads 0.
  const found = result.summary.calls.due === 0 ? NO_CALL : reading.found;
  const isBound = result.repetitions.some(({ generator }) => generator.bound) && !isSure(threshold, reading);
  if ('missing' in found) {
    return (isBound ? undefined : failedByAll(threshold, reading, own, at)) ?? open(found.missing);
  }

  const measured = formatValue(reading, found.value);
  if (isBound) return open('the generator was the bottleneck', measured);
  const { range } = reading;
  if (range !== undefined && holds(threshold, range.low) !== holds(threshold, range.high)) {
    return open(range.why, measured);
  }
  if (!holds(threshold, found.value)) {
    const lateUs = reading.isOfAnswers ? lateness(result) : 0;
    if (lateUs > 0 && holds(threshold, found.value - lateUs)) {
      return open(`the generator was up to ${formatMicros(lateUs)} late, which is in it`, measured);
    }
    return { ...own, status: 'fail', measured, reason: `${at}: measured ${measured}` };
  }
  const failures = reading.isOfAnswers
    ? tooManyFailures(threshold, result.name, result.summary, all)
    : undefined;
  if (failures === undefined) return { ...own, status: 'pass', measured };
  return failedByAll(threshold, reading, own, at) ?? open(failures, measured);
}

/**
 * The check of an upper bound that the times of successful calls cannot decide, and that those of all calls exceed: whoever waited for
 * a call that failed or timed out waited longer than the bound, too. Undefined when they do not exceed it.
 */
function failedByAll(
  threshold: Threshold,
  reading: Reading,
  own: Pick<Check, 'variant' | 'threshold'>,
  at: string,
): Check | undefined {
  const { ofAll } = reading;
  if (ofAll === undefined || 'missing' in ofAll || !threshold.comparator.startsWith('<')) return undefined;
  if (holds(threshold, ofAll.value)) return undefined;
  const measured = `${formatValue({ ...reading, timedOut: 0 }, ofAll.value)} (failed calls included)`;
  return { ...own, status: 'fail', measured, reason: `${at}: measured ${measured}` };
}

const NO_CALL = { missing: 'no call was due' } as const;

/** Whether it can be judged although the generator was the bottleneck. */
function isSure(threshold: Threshold, { despiteGenerator }: Reading): boolean {
  if (typeof despiteGenerator !== 'number') return despiteGenerator === 'all';
  const { comparator, bound } = threshold;
  if (comparator === '==') return despiteGenerator > bound;
  return comparator.startsWith('<') && !holds(threshold, despiteGenerator);
}

/** How much of the times of a variant is notable lateness of the generator: the most of any trial, send lag and read lag together. */
function lateness({ repetitions }: VariantResult): Micros {
  return Math.max(
    0,
    ...repetitions.map(({ observations = [] }) =>
      observations.filter(isLagNote).reduce((sum, { lagUs }) => sum + lagUs, 0),
    ),
  );
}

/** Why a variant's trials as such cannot carry a verdict. */
function doubts({ name, repetitions }: VariantResult): readonly string[] {
  const at = ({ index }: Repetition): string => `${label(name)}repetition ${index + 1}`;
  const cut = repetitions.filter(({ complete }) => !complete);
  const [first, ...others] = repetitions.filter(({ generator }) => generator.bound);
  const interrupted = cut.map((one) => `${at(one)} was interrupted`);
  if (first === undefined) return interrupted;
  const reasons = first.generator.reasons;
  const where = others.length === 0 ? at(first) : `${at(first)} and ${others.length} more`;
  const said = reasons.length > 0 ? reasons : ['the generator was the bottleneck'];
  return [...interrupted, ...said.map((reason) => `${where}: ${reason}`)];
}

/** Why a variant's calls prove nothing: there was none, or each of them failed. */
function nothingGained({ name, summary }: VariantResult): readonly string[] {
  if (summary === null) return [`${label(name)}nothing was measured`];
  const { due, dropped, ok, outcomes, details } = summary.calls;
  if (due === 0) return [`${label(name)}nothing was measured: no call was due`];
  if (ok > 0) return [];
  const endings = Object.entries({ ...outcomes, dropped })
    .filter(([, calls]) => calls > 0)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_ENDINGS)
    .map(([ending, calls]) => `${ending} ${calls}`);
  const detail = details[0]?.detail ? `, “${details[0].detail}”` : '';
  return [`${label(name)}not one of ${due} calls ended ok: ${endings.join(', ')}${detail}`];
}

/** The one unnamed variant needs no label. */
function label(variant: string): string {
  return variant === '' ? '' : `${variant}: `;
}
