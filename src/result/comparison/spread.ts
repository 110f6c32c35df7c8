/** @module Figures over the repetitions of a variant, with an interval. */
import type { Repetition, Spread } from '../document.ts';
import { metricsOf, valueIn } from '../measure/metrics.ts';
import type { Quantities } from '../measure/quantities.ts';
import { meanInterval, meanOf } from '../statistics/mean.ts';

/** Over the figures that are not null; null when all are. No figure can be negative, so the interval begins at zero at least. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const interval = meanInterval(known);
  const half = known.length / 2;
  return {
    median: (known[Math.ceil(half) - 1]! + known[Math.floor(half)]!) / 2,
    min: known[0]!,
    max: known.at(-1)!,
    mean: meanOf(known),
    ciLow: interval === undefined ? null : Math.max(0, interval.low),
    ciHigh: interval === undefined ? null : interval.high,
    never: values.length - known.length,
  };
}

/** The spreads of the metrics that variants are compared by, and of those that ask for one, over the repetitions that ran to the end. */
export function spreadsOf(
  repetitions: readonly Repetition[],
  quantities: Quantities,
): Readonly<Record<string, Spread | null>> {
  const whole = repetitions.filter(({ complete }) => complete);
  const wanted = metricsOf(quantities).filter(
    ({ metric }) => metric.compared !== undefined || metric.hasSpread === true,
  );
  return Object.fromEntries(
    wanted.map((one) => [one.path, spread(whole.map((repetition) => valueIn(repetition, one) ?? null))]),
  );
}
