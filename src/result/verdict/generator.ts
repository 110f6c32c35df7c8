/** @module What of a variant's figures may be the generator's doing. */
import { formatMicros, type Micros } from '../../units/time.ts';
import type { VariantResult } from '../document.ts';
import { isLagNote } from '../note.ts';

/** Whether the generator was the bottleneck of a trial. */
export const isBound = ({ repetitions }: VariantResult): boolean =>
  repetitions.some(({ generator }) => generator.bound);

export const BOTTLENECK = 'the generator was the bottleneck';

/** How much of the times of a variant is notable lateness of the generator: the most of any trial, send lag and read lag together. */
export function lateness({ repetitions }: VariantResult): Micros {
  return Math.max(
    0,
    ...repetitions.map(({ observations = [] }) =>
      observations.filter(isLagNote).reduce((sum, { lagUs }) => sum + lagUs, 0),
    ),
  );
}

/** Why a time that is so late decides nothing, as a clause. */
export const lateBy = (us: Micros): string =>
  `the generator was up to ${formatMicros(us)} late, which is in it`;
