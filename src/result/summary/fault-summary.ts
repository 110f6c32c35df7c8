/** @module The injected events of a variant over its repetitions, each figure with an interval. */

import { spread } from '../comparison/spread.ts';
import type { FaultEffect, FaultSummary, Repetition, Spread } from '../document.ts';
import { meanOf } from '../statistics/mean.ts';

const FIGURES = [
  'callsFailed',
  'failedLater',
  'sessionsLost',
  'handles',
  'handlesRefused',
  'errorsStopMs',
  'rebalanceMs',
  'p99DuringUs',
  'failedBefore',
] as const;

/**
 * One entry per event, in order of time, over the repetitions that ran to the end: the n-th event of one is the n-th of
 * the others. Undefined when none has events.
 */
export function summariseFaults(repetitions: readonly Repetition[]): FaultSummary[] | undefined {
  const whole = repetitions.flatMap(({ complete, faults }) => (complete && faults ? [faults] : []));
  if (whole.length === 0) return undefined;
  const most = Math.max(...whole.map((faults) => faults.length));
  return Array.from({ length: most }, (_, index) =>
    overRepetitions(whole.flatMap((faults) => faults[index] ?? [])),
  );
}

function overRepetitions(effects: readonly FaultEffect[]): FaultSummary {
  const figures = Object.fromEntries(
    FIGURES.map((key) => [key, spread(effects.map((effect) => effect[key] ?? null))]),
  ) as Record<(typeof FIGURES)[number], Spread | null>;
  return {
    kind: effects[0]!.kind,
    atMs: Math.round(meanOf(effects.map(({ atMs }) => atMs))),
    repetitions: effects.length,
    ...figures,
  };
}
