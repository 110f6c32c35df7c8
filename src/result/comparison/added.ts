/** @module What the check of every call adds: a variant with it against one without it, by pairs of repetitions with the same schedule. */
import { decodeHistogram, interpolatedPercentile } from '../../recording/histogram.ts';
import type { Repetition, VariantResult } from '../document.ts';
import type { AuthAdded } from '../measure/auth-figures.ts';
import { okResponseTime } from '../measure/times.ts';
import { type PairedDifference, pairedDifference, type TrialPair } from '../statistics/paired.ts';

/** The mode in which no token is read. */
export const NO_CHECK = 'none';

/** Whether calls of a variant were not checked: its fleet has no check, or its target gets no credentials. */
function isUnchecked({ settings, summary }: VariantResult): boolean {
  const mode = settings.effective?.auth?.mode;
  return mode === NO_CHECK && (summary?.auth?.mode ?? NO_CHECK) === NO_CHECK;
}

/**
 * The variant that shows what `variant` would take without its check: the base that it names if that has none, otherwise the first
 * one of those before it without a check and, apart from `auth`, with the same overrides. A variant without a check may have
 * one, too: the difference is then chance alone. Undefined when there is none.
 */
export function uncheckedBase(
  variant: VariantResult,
  variants: readonly VariantResult[],
): VariantResult | undefined {
  const named = variants.find(({ name }) => name === variant.base);
  if (named !== undefined && named !== variant && isUnchecked(named)) return named;
  const alike = variants.filter((one) => isUnchecked(one) && sameApartFromAuth(one, variant));
  const [first] = alike;
  return first === variant ? undefined : first;
}

function sameApartFromAuth(a: VariantResult, b: VariantResult): boolean {
  return othersOf(a.settings.overrides) === othersOf(b.settings.overrides);
}

/** Overrides apart from `auth` and `identities` as text, whether written as dotted paths or nested. */
function othersOf(overrides: Readonly<Record<string, unknown>>): string {
  const flat = flattened(overrides, '').filter(([path]) => !/^(auth|identities)(\.|$)/.test(path));
  return JSON.stringify(flat.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function flattened(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? flattened(one as Readonly<Record<string, unknown>>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, one] as const],
  );
}

/** Repetitions of both that ran to the end with the same schedule: those of the same index have the same seed. */
export type RepetitionPair = readonly [base: Repetition, own: Repetition];

export function repetitionPairs(base: VariantResult, own: VariantResult): readonly RepetitionPair[] {
  return own.repetitions.flatMap((one): readonly RepetitionPair[] => {
    const other = base.repetitions.find(({ index }) => index === one.index);
    return other?.complete && one.complete ? [[other, one]] : [];
  });
}

/** The difference in a figure over the pairs that have it; undefined when none has. */
export function differenceOverPairs(
  pairs: readonly RepetitionPair[],
  figureOf: (repetition: Repetition) => number | null | undefined,
): PairedDifference | undefined {
  const found = pairs.flatMap(([base, own]): readonly TrialPair[] => {
    const [first, second] = [figureOf(base), figureOf(own)];
    if (first === null || first === undefined || second === null || second === undefined) return [];
    return [{ first, second, later: own.order - base.order }];
  });
  return found.length === 0 ? undefined : pairedDifference(found);
}

const PERCENTILES = [50, 90, 99] as const;

/**
 * What `own` adds to percentiles of the response times of calls that ended `ok`; undefined when no pair of repetitions has one.
 * Each is interpolated within its bucket of the histogram, so that the width of a bucket (0.1 %) does not limit the difference.
 */
export function addedBy(own: VariantResult, base: VariantResult): AuthAdded | undefined {
  const pairs = repetitionPairs(base, own);
  const at = (percentile: number): PairedDifference | undefined =>
    differenceOverPairs(pairs, (repetition) => okPercentile(repetition, percentile));
  const [p50, p90, p99] = PERCENTILES.map(at);
  if (p50 === undefined || p90 === undefined || p99 === undefined) return undefined;
  const intervals = Object.entries({ p50Us: p50, p90Us: p90, p99Us: p99 }).flatMap(([key, { interval }]) =>
    interval === undefined ? [] : [[key, { lowUs: interval.low, highUs: interval.high }] as const],
  );
  return {
    p50Us: p50.mean,
    p90Us: p90.mean,
    p99Us: p99.mean,
    ciLowUs: p50.interval?.low ?? null,
    ciHighUs: p50.interval?.high ?? null,
    intervals: intervals.length === 0 ? null : Object.fromEntries(intervals),
    base: base.name,
    pairs: pairs.length,
  };
}

function okPercentile({ histograms }: Repetition, percentile: number): number | undefined {
  const encoded = histograms[okResponseTime.name];
  return encoded === undefined ? undefined : interpolatedPercentile(decodeHistogram(encoded), percentile);
}
