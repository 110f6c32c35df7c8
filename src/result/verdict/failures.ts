/** @module Whether so few calls failed that a threshold on times can pass: a server that fails fast is not fast. */
import type { Threshold } from '../../profile/section/threshold.ts';
import type { Summary } from '../document.ts';
import { ERROR_RATE } from '../measure/calls.ts';
import { failureRateOf } from '../measure/failure-rate.ts';
import { holds } from './comparators.ts';

/** Where the profile bounds no error rate. */
const DEFAULT_ERROR_RATE = 0.01;

/** The share of the calls of `threshold` that failed. */
export const failureRate = ({ call }: Threshold, summary: Summary): number => failureRateOf(summary, call);

/**
 * Why a threshold on the times of calls of `variant` cannot pass when `rate` of them failed, as a clause; undefined when few enough did.
 * The profile's own thresholds on the error rate of the same calls say how many are few enough.
 */
export function tooManyFailures(
  { call, everyUs }: Threshold,
  variant: string,
  rate: number,
  all: readonly Threshold[],
): string | undefined {
  const concerns = (one: Threshold): boolean =>
    one.metric === ERROR_RATE &&
    one.instance === undefined &&
    (one.everyUs === undefined || everyUs !== undefined) &&
    (one.call === undefined || one.call === call) &&
    (one.variant === undefined || one.variant === variant);
  const bounds = all.filter((one) => concerns(one) && !one.comparator.startsWith('>'));
  const exceeded = bounds.filter((one) => !holds(one, rate)).map(({ text }) => text);
  const allowed = bounds.length === 0 ? rate <= DEFAULT_ERROR_RATE : exceeded.length === 0;
  if (allowed) return undefined;
  const most =
    bounds.length === 0
      ? `a threshold on times needs an error rate of at most 1 %, or a threshold on ${ERROR_RATE} that allows more`
      : `${exceeded.join(' and ')} ${exceeded.length === 1 ? 'allows' : 'allow'} fewer`;
  return `${Number((rate * 100).toPrecision(3))} % of the calls failed: ${most}`;
}
