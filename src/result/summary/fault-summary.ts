/** @module The injected events of a variant over its repetitions, each figure with an interval. */
import { randomAt } from '../../units/random.ts';
import { bootstrapMean, meanOf } from '../comparison/bootstrap.ts';
import type { FaultEffect, FaultSummary, Repetition, Spread } from '../document.ts';

const FIGURES = ['callsFailed', 'sessionsLost', 'errorsStopMs', 'rebalanceMs', 'p99DuringUs'] as const;

/**
 * One entry per event, in order of time, over the repetitions that ran to the end: the n-th event of one is the n-th of
 * the others. Undefined when none has events.
 */
export function summariseFaults(
  repetitions: readonly Repetition[],
  seed: number,
): FaultSummary[] | undefined {
  const whole = repetitions.flatMap(({ complete, faults }) => (complete && faults ? [faults] : []));
  if (whole.length === 0) return undefined;
  const most = Math.max(...whole.map((faults) => faults.length));
  return Array.from({ length: most }, (_, index) =>
    overRepetitions(
      whole.flatMap((faults) => faults[index] ?? []),
      seed,
    ),
  );
}

function overRepetitions(effects: readonly FaultEffect[], seed: number): FaultSummary {
  const figures = Object.fromEntries(
    FIGURES.map((key) => [
      key,
      spread(
        effects.map((effect) => effect[key]),
        seed,
      ),
    ]),
  ) as Record<(typeof FIGURES)[number], Spread | null>;
  return {
    kind: effects[0]!.kind,
    atMs: Math.round(meanOf(effects.map(({ atMs }) => atMs))),
    repetitions: effects.length,
    ...figures,
  };
}

/** Over the figures that are not null; null when all are. No figure can be negative, so the interval begins at zero at least. */
export function spread(values: readonly (number | null)[], seed: number): Spread | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const interval = known.length > 1 ? bootstrapMean(known, randomAt(seed, 'bootstrap')) : undefined;
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
