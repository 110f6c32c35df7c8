/** @module When calls fall due: pure arithmetic from an arrival's mark to its time. */
import type { Shape, Stage } from '../../profile/settings.ts';
import type { Micros, PerSecond } from '../../units/time.ts';

/**
 * A rate over time, as its integral and back. An arrival has a *mark*: how many arrivals are expected before it.
 * Evenly spaced arrivals have the marks 0, 1, 2 ...; those of a Poisson process have the partial sums of unit
 * exponentials (time-rescaling theorem, e.g. Daley & Vere-Jones, Theorem 7.4.I).
 */
export interface Pacer {
  /** Arrivals expected over the whole span. */
  readonly total: number;
  /** The whole span. */
  readonly spanUs: Micros;
  /** The time at which `mark` arrivals are expected to have fallen due. For marks from 0 up to `total`. */
  dueAt(mark: number): Micros;
}

/** A constant rate over `spanUs`. */
export function constantPacer(perSecond: PerSecond, spanUs: Micros): Pacer {
  return { total: (perSecond * spanUs) / 1e6, spanUs, dueAt: (mark) => (mark * 1e6) / perSecond };
}

/**
 * A rate that goes linearly from `from` to `to` in each stage. Within a stage of `T` seconds the integral is
 * `from t + (to - from) t^2 / 2T`; its inverse is the root of a quadratic, in the form that stays exact when
 * `from` equals `to` or when one of them is 0: `t = 2m / (from + sqrt(from^2 + 2 m (to - from) / T))`.
 */
export function stagesPacer(stages: readonly Stage[]): Pacer {
  const parts: { readonly stage: Stage; readonly markBefore: number; readonly timeBefore: Micros }[] = [];
  let total = 0;
  let spanUs: Micros = 0;
  for (const stage of stages) {
    parts.push({ stage, markBefore: total, timeBefore: spanUs });
    total += ((stage.fromPerSecond + stage.toPerSecond) / 2) * (stage.durationUs / 1e6);
    spanUs += stage.durationUs;
  }
  let at = 0;
  return {
    total,
    spanUs,
    dueAt(mark) {
      // Marks come in rising order, so the search starts where the last one ended.
      if (parts[at]!.markBefore > mark) at = 0;
      while (at + 1 < parts.length && parts[at + 1]!.markBefore <= mark) at += 1;
      const { stage, markBefore, timeBefore } = parts[at]!;
      return timeBefore + withinStage(stage, mark - markBefore);
    },
  };
}

function withinStage(stage: Stage, mark: number): Micros {
  if (mark <= 0) return 0;
  const seconds = stage.durationUs / 1e6;
  const slope = (stage.toPerSecond - stage.fromPerSecond) / seconds;
  const root = Math.sqrt(Math.max(0, stage.fromPerSecond ** 2 + 2 * mark * slope));
  return Math.min(stage.durationUs, ((2 * mark) / (stage.fromPerSecond + root)) * 1e6);
}

/** The pacer of an open-loop `shape` with its warm-up in front (at the rate the shape begins with); `undefined` for a closed loop and for a replay. */
export function pacerOf(shape: Shape, warmupUs: Micros, durationUs: Micros): Pacer | undefined {
  switch (shape.kind) {
    case 'rate':
      return constantPacer(shape.perSecond, warmupUs + durationUs);
    case 'stages': {
      const first = shape.stages[0]!.fromPerSecond;
      const warmup: Stage = { durationUs: warmupUs, fromPerSecond: first, toPerSecond: first };
      return stagesPacer(warmupUs > 0 ? [warmup, ...shape.stages] : shape.stages);
    }
    case 'closed':
    case 'replay':
      return undefined;
  }
}
