/** @module Why the times of a variant are not those of answers of the server, so that they are not compared with others. */
import type { Caveat, VariantResult } from '../document.ts';
import { failureRateOf } from '../measure/failure-rate.ts';
import { isLagNote } from '../note.ts';

/** From this share of failed calls on, times are not only those of answers. */
const NOTABLE_FAILURES = 0.01;

/** The caveats of a variant; none when it was not measured. */
export function caveatsOf({
  repetitions,
  summary,
}: Pick<VariantResult, 'repetitions' | 'summary'>): Caveat[] {
  if (summary === null) return [];
  const isBound = repetitions.some(({ generator }) => generator.bound);
  const isLate = repetitions.some(({ observations = [] }) => observations.some(isLagNote));
  const failures = failureRateOf(summary);
  return [
    ...(isBound ? [{ kind: 'generator-bound' } as const] : []),
    ...(isLate && !isBound ? [{ kind: 'generator-late' } as const] : []),
    ...(failures < NOTABLE_FAILURES ? [] : [{ kind: 'failed-calls', share: failures } as const]),
  ];
}
