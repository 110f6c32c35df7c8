/** @module Pass, fail, inconclusive or none, with reasons. */
import { type Comparator, parseThresholds, type Threshold } from '../../profile/section/threshold.ts';
import type { Check, VariantResult, Verdict } from '../document.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { formatValue, type Reading, readMetric } from './reading.ts';

/** How many endings of failed calls a reason names. */
const MOST_ENDINGS = 3;

/**
 * The verdict on a result: `fail` when a check failed, else `inconclusive` when anything could not be judged, else `pass`, or `none` without
 * thresholds.
 *
 * A trial in which the generator was the bottleneck (`generator.bound`) says nothing about the server: times, rates and error rates
 * of its variant neither pass nor fail, and the verdict is inconclusive even without thresholds. Three checks hold all the same:
 * `send_lag` and `dropped`, which are about the run itself, and an `error_rate` that answers alone put over its bound, since a late
 * generator cannot make a server say no.
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
  return parseThresholds(thresholds, boundedMetrics(quantities)).flatMap((threshold): readonly Check[] => {
    const { variant: wanted, text } = threshold;
    const meant = variants.filter(({ name }) => wanted === undefined || name === wanted);
    if (meant.length > 0) return meant.map((variant) => checkOne(threshold, variant, quantities));
    const names = variants.map(({ name }) => `"${name}"`).join(', ');
    const reason = `${text}: no variant is named "${wanted}"; there are ${names}`;
    return [{ variant: wanted ?? '', threshold: text, status: 'inconclusive', reason }];
  });
}

function checkOne(threshold: Threshold, result: VariantResult, quantities: Quantities): Check {
  const { comparator, bound, text } = threshold;
  const own = { variant: result.name, threshold: text };
  const at = `${label(result.name)}${text}`;
  if (result.summary === null) return { ...own, status: 'inconclusive', reason: `${at}: not measured` };
  const reading = readMetric(threshold, result.summary, quantities);
  // Without a call there are no samples of anything, also where a count of them reads 0.
  const found = result.summary.calls.due === 0 ? NO_CALL : reading.found;
  if ('missing' in found) return { ...own, status: 'inconclusive', reason: `${at}: ${found.missing}` };

  const measured = formatValue(reading, found.value);
  if (!isSure(threshold, reading) && result.repetitions.some(({ generator }) => generator.bound)) {
    const reason = `${at}: measured ${measured}, but the generator was the bottleneck`;
    return { ...own, status: 'inconclusive', measured, reason };
  }
  if (COMPARATORS[comparator](found.value, bound)) return { ...own, status: 'pass', measured };
  return { ...own, status: 'fail', measured, reason: `${at}: measured ${measured}` };
}

const NO_CALL = { missing: 'no call was due' } as const;

/** Whether it can be judged although the generator was the bottleneck. */
function isSure({ comparator, bound }: Threshold, { despiteGenerator }: Reading): boolean {
  if (typeof despiteGenerator !== 'number') return despiteGenerator === 'all';
  return comparator.startsWith('<') && !COMPARATORS[comparator](despiteGenerator, bound);
}

const COMPARATORS: Readonly<Record<Comparator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '==': (value, bound) => value === bound,
};

/** Why a variant's trials as such cannot carry a verdict. */
function doubts({ name, repetitions }: VariantResult): readonly string[] {
  return repetitions.flatMap(({ index, complete, generator }) => {
    const at = `${label(name)}repetition ${index + 1}`;
    const interrupted = complete ? [] : [`${at} was interrupted`];
    if (!generator.bound) return interrupted;
    const reasons = generator.reasons.length > 0 ? generator.reasons : ['the generator was the bottleneck'];
    return [...interrupted, ...reasons.map((reason) => `${at}: ${reason}`)];
  });
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
