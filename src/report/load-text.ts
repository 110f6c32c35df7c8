/** @module How a load reads: `400/s, Poisson arrivals, for 10 s after 2 s of warm-up`. */
import type { EffectiveLoad, VariantSettings } from '../result/settings.ts';
import { formatMicros, type Micros } from '../units/time.ts';

/** A load in words. */
export function loadText({ shape, arrivals, warmupUs, durationUs }: EffectiveLoad): string {
  const span = `for ${formatMicros(durationUs)} after ${warmupText(warmupUs)}`;
  switch (shape.kind) {
    case 'rate':
      return `${shape.perSecond}/s, ${named(arrivals)} arrivals, ${span}`;
    case 'stages': {
      const rates = shape.stages.map((stage) => `${stage.fromPerSecond} to ${stage.toPerSecond}/s`);
      return `${rates.join(', ')}, ${named(arrivals)} arrivals, ${span}`;
    }
    case 'closed':
      return `closed loop of ${shape.concurrency}, ${span}`;
  }
}

/** The process is named after a person. */
const named = (arrivals: string): string => (arrivals === 'poisson' ? 'Poisson' : arrivals);

/** `2 s of warm-up`, `no warm-up`. */
export const warmupText = (us: Micros): string =>
  us === 0 ? 'no warm-up' : `${formatMicros(us)} of warm-up`;

/** The load of a variant in words; of an older result, the words that are in it. */
export function loadOf({ effective, load }: VariantSettings): string {
  return effective === undefined ? load : loadText(effective.load);
}
