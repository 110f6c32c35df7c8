/** @module Pass, fail, inconclusive or none, with reasons. */
import { parseThresholds, type Threshold } from '../../profile/section/threshold.ts';
import type { Check, Repetition, VariantResult, Verdict } from '../document.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { judgeMean } from './confidence.ts';
import { BOTTLENECK } from './generator.ts';
import { checkOf, type Judged, label, open } from './judged.ts';
import { judgeWhole } from './whole.ts';
import { judgeWindows } from './windows.ts';

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
 * A threshold without any sample fails where the server had to give one (`whole.ts`). Nothing is proved by what did not happen: without a variant, with one that was not measured or of which not one call
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
    const { variant: wanted } = threshold;
    const meant = variants.filter(({ name }) => wanted === undefined || name === wanted);
    if (meant.length > 0) return meant.map((variant) => checkOne(threshold, variant, all, quantities));
    const names = variants.map(({ name }) => `"${name}"`).join(', ');
    const why = `no variant is named "${wanted}"; there are ${names}`;
    return [{ ...checkOf(threshold, '', open(why)), variant: wanted ?? '' }];
  });
}

function checkOne(
  threshold: Threshold,
  result: VariantResult,
  all: readonly Threshold[],
  quantities: Quantities,
): Check {
  const { summary } = result;
  const { everyUs, confidence } = threshold;
  const judged = (): Judged => {
    if (summary === null) return open('not measured');
    if (everyUs !== undefined) return judgeWindows({ ...threshold, everyUs }, result, all);
    if (confidence !== undefined)
      return judgeMean({ ...threshold, confidence }, result, summary, all, quantities);
    return judgeWhole(threshold, result, summary, all, quantities);
  };
  return checkOf(threshold, result.name, judged());
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
  const said = reasons.length > 0 ? reasons : [BOTTLENECK];
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
  return [
    `${label(name)}${due === 1 ? 'the only call did not end' : `not one of ${due} calls ended`} ok: ${endings.join(', ')}${detail}`,
  ];
}
