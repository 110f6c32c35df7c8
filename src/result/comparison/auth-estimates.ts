/** @module The ways in which the cost of a check is measured, each as an estimate with its interval. */
import { MINIMUM_REPETITIONS, type Repetition, type VariantResult } from '../document.ts';
import type { AuthAdded, AuthEstimate, AuthFigures } from '../measure/auth-figures.ts';
import { type Distribution, statisticOf } from '../measure/distribution.ts';
import { type Interval, meanInterval } from '../statistics/mean.ts';
import type { PairedDifference } from '../statistics/paired.ts';

/** Without a value. */
const NOTHING = { p50Us: null, p99Us: null, lowUs: null, highUs: null } as const;

type Missing = NonNullable<AuthEstimate['missing']>;

const missing = (name: AuthEstimate['name'], why: Missing): AuthEstimate => ({
  name,
  ...NOTHING,
  missing: why,
});

/** What the other variant shows. */
export interface AgainstBase {
  readonly added: AuthAdded | undefined;
  /** Of the processor time of the fleet per call. */
  readonly cpu: PairedDifference | undefined;
}

/** All estimates for a variant with a check; `against` is undefined without a variant to compare it with. */
export function authEstimates(
  variant: VariantResult,
  figures: AuthFigures,
  against: AgainstBase | undefined,
): readonly AuthEstimate[] {
  const whole = variant.repetitions.filter(({ complete }) => complete);
  return [
    header(figures, whole),
    paired(against),
    coldWarm(figures, whole),
    refusals(figures),
    cpu(variant, against),
  ];
}

/** The times that the answers state: authentication and policy together. The percentile of a sum is at most the sum of percentiles; with one stage they are the same. */
function header(figures: AuthFigures, whole: readonly Repetition[]): AuthEstimate {
  if (figures.check === null) return missing('header', 'no-header');
  const p50Us = checkTime(figures, 'p50Us');
  const interval = overRepetitions(whole, (auth) => checkTime(auth, 'p50Us'));
  return {
    name: 'header',
    p50Us,
    p99Us: checkTime(figures, 'p99Us'),
    // No time is negative.
    ...ends(interval && { ...interval, low: Math.max(0, interval.low) }),
    missing: p50Us === null ? 'no-header' : null,
  };
}

/** The interval of the mean of those times; undefined of too few repetitions. */
export function headerMean({ repetitions }: VariantResult): Interval | undefined {
  const whole = repetitions.filter(({ complete }) => complete);
  return overRepetitions(whole, (auth) => checkTime(auth, 'meanUs'));
}

/** Authentication and policy; null without the former. */
export function checkTime({ check, policy }: AuthFigures, key: 'p50Us' | 'p99Us' | 'meanUs'): number | null {
  const own = check && statisticOf(check, key);
  return own === null ? null : own + ((policy && statisticOf(policy, key)) ?? 0);
}

function paired(against: AgainstBase | undefined): AuthEstimate {
  if (against === undefined) return missing('paired', 'no-base');
  const { added } = against;
  if (added === undefined) return missing('paired', 'too-few-pairs');
  const { p50Us, p99Us, ciLowUs, ciHighUs } = added;
  return { name: 'paired', p50Us, p99Us, lowUs: ciLowUs, highUs: ciHighUs, missing: null };
}

/** How much longer the first call with a token takes than later ones: what caching saves, not the whole check. */
function coldWarm(figures: AuthFigures, whole: readonly Repetition[]): AuthEstimate {
  const p50Us = coldLessWarm(figures, 'p50Us');
  const interval = overRepetitions(whole, (auth) => coldLessWarm(auth, 'p50Us'));
  // Of repetitions of which some had hardly a first call, the difference is chance.
  const tooFew = interval === undefined && whole.length >= MINIMUM_REPETITIONS;
  if (p50Us === null || tooFew) return missing('cold-warm', 'no-first-calls');
  return {
    name: 'cold-warm',
    p50Us,
    p99Us: coldLessWarm(figures, 'p99Us'),
    ...ends(interval),
    missing: null,
  };
}

function coldLessWarm({ byUse }: AuthFigures, key: 'p50Us' | 'p99Us'): number | null {
  const [cold, warm] = [byUse['first'], byUse['later']].map((of) => of && statisticOf(of, key));
  return typeof cold === 'number' && typeof warm === 'number' ? cold - warm : null;
}

/** Refused without looking at a token, and when it is read. */
const [WITHOUT_TOKEN, UNREADABLE] = ['missing', 'invalid'];

/**
 * The service time of the refusals that are quickest in the median, of calls with a token: transport and the whole check, without
 * a tool. The check cannot take longer, so it is an upper bound.
 */
function refusals(figures: AuthFigures): AuthEstimate {
  const withToken = Object.entries(figures.refusals).filter(
    ([kind, of]) => kind !== WITHOUT_TOKEN && statisticOf(of, 'p50Us') !== null,
  );
  // A token that cannot be read is refused before its signature is verified: that bounds the check only where nothing else was refused.
  const verified = withToken.filter(([kind]) => kind !== UNREADABLE);
  const [first, ...others] = (verified.length > 0 ? verified : withToken).map(([, of]) => of);
  if (first === undefined) return missing('refusals', 'no-refusals');
  const quickest = others.reduce((best: Distribution, one) => (one.p50Us < best.p50Us ? one : best), first);
  const { p50Us } = quickest;
  return {
    name: 'refusals',
    p50Us,
    p99Us: statisticOf(quickest, 'p99Us'),
    lowUs: 0,
    highUs: p50Us,
    missing: null,
  };
}

/** A mean: processor time is not known call by call. */
function cpu({ summary }: VariantResult, against: AgainstBase | undefined): AuthEstimate {
  if (summary?.fleetCpu === undefined) return missing('cpu', 'no-cpu');
  if (against === undefined) return missing('cpu', 'no-base');
  if (against.cpu === undefined) return missing('cpu', 'too-few-pairs');
  const { mean, interval } = against.cpu;
  return { name: 'cpu', p50Us: mean, p99Us: null, ...ends(interval), missing: null };
}

function ends(interval: Interval | undefined): Pick<AuthEstimate, 'lowUs' | 'highUs'> {
  return { lowUs: interval?.low ?? null, highUs: interval?.high ?? null };
}

/** The interval of the mean over repetitions; undefined of too few, and where one has no value. */
function overRepetitions(
  whole: readonly Repetition[],
  figureOf: (figures: AuthFigures) => number | null,
): Interval | undefined {
  const values = whole.flatMap(({ auth }) => (auth && figureOf(auth)) ?? []);
  const isKnown = values.length === whole.length && values.length >= MINIMUM_REPETITIONS;
  return isKnown ? meanInterval(values) : undefined;
}
